#include "ui/labs/tensors/memory_page.h"

#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/canvas/words_at.h"
#include "ui/labs/tensors/plots/tensor_memory_plot.h"
#include "ui/labs/tensors/plots/tensor_storage_plot.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"

namespace nanscope {

std::vector<std::string> draw_memory_page(const TensorChain& chain, std::string_view alone,
                                          const Style& style) {
  std::vector<std::string> pointed;
  if (ImGui::BeginChild("memory", ImGui::GetContentRegionAvail(), ImGuiChildFlags_NavFlattened,
                        ImGuiWindowFlags_AlwaysVerticalScrollbar)) {
    ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
    const float width = ImGui::GetContentRegionAvail().x;
    const auto place = [&](std::string_view plot, const char* title, auto draw, auto height_of) {
      if (alone != plot && (alone == "tensor_memory" || alone == "tensor_storage")) return;
      heading(title, style);
      const float height = height_of(chain, style, width);
      const ImVec2 corner = ImGui::GetCursorScreenPos();
      draw(canvas, chain, corner, ImVec2{width, height});
      ImGui::Dummy({width, height});
      if (ImGui::IsItemHovered())
        pointed = words_at(style, ImGui::GetIO().MousePos, [&](Canvas& listening) {
          draw(listening, chain, corner, ImVec2{width, height});
        });
    };
    place("tensor_memory", text("plot.tensor_memory"), draw_tensor_memory, tensor_memory_height);
    place("tensor_storage", text("plot.tensor_storage"), draw_tensor_storage,
          tensor_storage_height);
  }
  ImGui::EndChild();
  return pointed;
}

}  // namespace nanscope
