#include "ui/labs/tensors/memory_page.h"

#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/labs/tensors/plots/tensor_memory_plot.h"
#include "ui/labs/tensors/plots/tensor_storage_plot.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {

void draw_memory_page(const TensorChain& chain, const Style& style) {
  if (ImGui::BeginChild("memory", ImGui::GetContentRegionAvail(), ImGuiChildFlags_NavFlattened,
                        ImGuiWindowFlags_AlwaysVerticalScrollbar)) {
    ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
    const float width = ImGui::GetContentRegionAvail().x;
    const auto place = [&](auto draw, float height) {
      draw(canvas, chain, ImGui::GetCursorScreenPos(), ImVec2{width, height});
      ImGui::Dummy({width, height});
    };
    heading(text("plot.tensor_memory"), style);
    place(draw_tensor_memory, tensor_memory_height(chain, style, width));
    heading(text("plot.tensor_storage"), style);
    place(draw_tensor_storage, tensor_storage_height(chain, style, width));
  }
  ImGui::EndChild();
}

}  // namespace nanscope
