#include "ui/labs/training/autopsy_card.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/numbers/encoding.h"
#include "imgui.h"
#include "ui/labs/training/autopsy_words.h"
#include "ui/text/text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/number_table.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

/// A number of the element's equation, and below it its bits. A click shows them in the Numbers
/// lab.
void operand_row(const AutopsyNumber& number, int row, const Style& style, LabRequests& requests) {
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  if (ImGui::SmallButton(fmt::format("{}###operand {}", number_text(number.value), row).c_str()))
    requests.inspect_number = number_input(number.value);
  item_tooltip(text("inspector.open_bits_help"));
  ImGui::TableNextColumn();
  styled_text(number.name, style.fonts.regular, 1, style.palette.text);
  styled_text(fmt::format("{} {}", number.format, bits_text(number)), style.fonts.mono, 0.875f,
              style.palette.muted);
}

void operand_table(const Autopsy& autopsy, const Style& style, LabRequests& requests) {
  if (!ImGui::BeginTable("operands", 2, ImGuiTableFlags_SizingFixedFit)) return;
  operand_row(autopsy.result, -1, style, requests);
  for (int i = 0; i < static_cast<int>(autopsy.operands.size()); ++i)
    operand_row(autopsy.operands[static_cast<std::size_t>(i)], i, style, requests);
  ImGui::EndTable();
}

/// The largest number of the tensor that tells of a layer, there or back.
std::string largest(const LayerStatistics& layer, bool back) {
  const auto tells = [&](const auto& one) {
    return one.first == (back ? "preactivation_grad" : "preactivation");
  };
  const auto found = std::ranges::find_if(layer.tensors, tells);
  if (found == layer.tensors.end()) return "";
  const Statistics& values = found->second;
  if (values.nans > 0) return "nan";
  return number_text(values.absmax);
}

void layer_table(const Autopsy& autopsy, const Style& style, std::string& copied) {
  const bool back = autopsy.phase != StepPhase::forward;
  heading(text(back ? "autopsy.layers_back" : "autopsy.layers"), style);
  const LayersOfStep& last = autopsy.layers.back();
  const LayersOfStep* before =
      autopsy.layers.size() > 1 ? &autopsy.layers[autopsy.layers.size() - 2] : nullptr;
  const auto head = [](std::int64_t step) {
    return format_text("run.at_step", fmt::arg("step", step));
  };
  NumberTable table("layers", {"", before ? head(before->step) : "", head(last.step)}, style,
                    copied);
  for (std::size_t i = 0; i < last.layers.size(); ++i) {
    const std::string was =
        before && i < before->layers.size() ? largest(before->layers[i], back) : std::string();
    const bool here = last.layers[i].name == autopsy.layer;
    table.row({last.layers[i].name, was, largest(last.layers[i], back)},
              here ? style.palette.bad : style.palette.text);
  }
}

}  // namespace

void draw_autopsy(const Autopsy& autopsy, const Style& style, LabRequests& requests) {
  styled_text(text("autopsy.title"), style.fonts.semibold, 1.25f, style.palette.text);
  wrapped_text(autopsy_sentence(autopsy), style.fonts.semibold, 1, style.palette.bad);
  if (!autopsy.equation.empty())
    copyable_formula(autopsy.equation, style, style.palette.text, requests.copy);
  if (const std::string numbers = autopsy_numbers(autopsy); !numbers.empty())
    wrapped_text("= " + numbers, style.fonts.mono, 0.875f, style.palette.text);
  wrapped_text(autopsy_reason(autopsy), style.fonts.regular, 1, style.palette.text);
  operand_table(autopsy, style, requests);
  if (!autopsy.layers.empty()) layer_table(autopsy, style, requests.copy);
}

}  // namespace nanscope
