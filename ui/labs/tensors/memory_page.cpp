#include "ui/labs/tensors/memory_page.h"

#include <algorithm>

#include "imgui.h"
#include "ui/canvas/canvas.h"
#include "ui/canvas/number_at.h"
#include "ui/canvas/words_at.h"
#include "ui/labs/tensors/plots/tensor_memory_plot.h"
#include "ui/labs/tensors/plots/tensor_storage_plot.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"

namespace nanscope {

PlaceMenu::Words draw_memory_page(const TensorChain& chain, std::string_view alone, bool in_hall,
                                  const Style& style, std::string& copied) {
  PlaceMenu::Words pointed = [] { return std::vector<std::string>(); };
  if (ImGui::BeginChild("memory", ImGui::GetContentRegionAvail(), ImGuiChildFlags_NavFlattened,
                        in_hall ? 0 : ImGuiWindowFlags_AlwaysVerticalScrollbar)) {
    ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
    const float width = ImGui::GetContentRegionAvail().x;
    // In a hall a plot is as large as its place; more rows than one can read there are scrolled.
    const auto hall_height = [&](float rows) {
      constexpr float kWords = 0.875f;  // of a row's em
      return std::max(ImGui::GetContentRegionAvail().y, rows * style.least_text / kWords);
    };
    const auto place = [&](std::string_view plot, const char* title, auto draw, auto height_of,
                           auto rows_of) {
      if (alone != plot && (alone == "tensor_memory" || alone == "tensor_storage")) return;
      if (!in_hall) heading(title, style);
      const float height = in_hall ? hall_height(rows_of(chain)) : height_of(chain, style, width);
      const ImVec2 corner = ImGui::GetCursorScreenPos();
      draw(canvas, chain, corner, ImVec2{width, height});
      ImGui::Dummy({width, height});
      if (!ImGui::IsItemHovered()) return;
      const auto listen = [=, &chain](Canvas& listening) {
        draw(listening, chain, corner, ImVec2{width, height});
      };
      const ImVec2 mouse = ImGui::GetIO().MousePos;
      if (const auto number = number_at(style, mouse, listen);
          number && clicked_to_copy(number->low, number->high, style))
        copied = number->words;
      pointed = [=, &style] { return words_at(style, mouse, listen); };
    };
    place("tensor_memory", text("plot.tensor_memory"), draw_tensor_memory, tensor_memory_height,
          tensor_memory_rows);
    place("tensor_storage", text("plot.tensor_storage"), draw_tensor_storage, tensor_storage_height,
          tensor_storage_rows);
  }
  ImGui::EndChild();
  return pointed;
}

}  // namespace nanscope
