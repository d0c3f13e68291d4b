#include "ui/widgets/number_table.h"

#include <algorithm>
#include <string>

#include "tests/ui/drawing.h"

// A table of names and numbers in a narrow inspector.
namespace nanscope {
namespace {

using NumberTableDrawing = Drawing;

/// The largest number of pixels by which something that is drawn lies outside of its clip
/// rectangle.
float most_cut_off(const ImDrawList& list) {
  float most = 0;
  for (const ImDrawCmd& command : list.CmdBuffer)
    for (unsigned i = 0; i < command.ElemCount; ++i) {
      const auto index = static_cast<int>(command.IdxOffset + i);
      const ImVec2 at =
          list.VtxBuffer[static_cast<int>(command.VtxOffset) + list.IdxBuffer[index]].pos;
      most = std::max({most, command.ClipRect.x - at.x, at.x - command.ClipRect.z});
    }
  return most;
}

TEST_F(NumberTableDrawing, ALongNameTakesTwoLinesAndLeavesTheNumberWhole) {
  for (const float width : {170.0f, 200.0f, 400.0f}) {
    std::string copied;
    // Columns have their widths from the second frame on.
    for (int frame = 0; frame < 3; ++frame) {
      ImGui::EndFrame();
      ImGui_ImplNull_NewFrame();
      ImGui::NewFrame();
      ImGui::SetNextWindowSize({width, 200});
      ImGui::Begin("inspector", nullptr, ImGuiWindowFlags_NoDecoration);
      {
        NumberTable table("memory", {"", ""}, style_, copied);
        table.row({"of it draws, before the gain", "881.25 MiB"}, style_.palette.text);
        table.row({"layers", "50"}, style_.palette.text);
      }
      // Columns have their widths from the second frame on.
      if (frame == 2) {
        EXPECT_LT(most_cut_off(*ImGui::GetWindowDrawList()), 1) << width;
      }
      ImGui::End();
    }
  }
}

}  // namespace
}  // namespace nanscope
