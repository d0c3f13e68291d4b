#include "ui/labs/signal/inspector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "imgui.h"
#include "ui/labs/signal/layer_equation.h"
#include "ui/labs/signal/no_band_words.h"
#include "ui/labs/signal/plots/heatmap_outline.h"
#include "ui/labs/signal/plots/variance_data.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/histogram_bars.h"
#include "ui/widgets/number_table.h"
#include "ui/widgets/term.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {
namespace {

double predicted_variance(const LayerSignal& layer, SignalTensor tensor) {
  const Band* band = predicted_band(layer.predicted, tensor);
  return band ? band->expected : layer.predicted.weight_variance;
}

std::string share_text(std::int64_t part, std::int64_t count) {
  if (part == 0 || count == 0) return "0";
  return fmt::format("{} %",
                     number_text(100 * static_cast<double>(part) / static_cast<double>(count)));
}

void variance_table(const LayerSignal& layer, const Style& style, std::string& copied) {
  NumberTable table("variance",
                    {text("inspector.variance"), text("plot.measured"), text("plot.predicted"),
                     text("plot.ratio")},
                    style, copied);
  for (const auto& [tensor, name] : Names<SignalTensor>::all) {
    const double measured = layer.of(tensor).variance;
    const double predicted = predicted_variance(layer, tensor);
    const double ratio = predicted > 0 ? measured / predicted : std::nan("");
    const bool known = std::isfinite(ratio) && std::isfinite(predicted);
    table.row(
        {tensor_label(tensor), measured,
         std::isinf(predicted) ? NumberCell(predicted_text(predicted)) : NumberCell(predicted),
         known ? NumberCell(ratio) : NumberCell("-")},
        layer.of(tensor).finite() ? style.palette.text : style.palette.bad);
  }
}

/// That a prediction has no number of its own.
void overflow_note(const LayerSignal& layer, const Style& style) {
  const auto beyond = [&](const auto& named) {
    return std::isinf(predicted_variance(layer, named.first));
  };
  if (std::ranges::any_of(Names<SignalTensor>::all, beyond))
    wrapped_text(text("inspector.formula_overflows"), style.fonts.regular, 0.875f,
                 style.palette.muted);
}

/// Why a layer's predictions have no band, one line a reason.
void no_band_notes(const SignalSnapshot& snapshot, const LayerSignal& layer, const Style& style) {
  for (const std::string& note : no_band_words(snapshot, layer))
    wrapped_text(note, style.fonts.regular, 0.875f, style.palette.muted);
}

void moment_table(const LayerSignal& layer, const Style& style, std::string& copied) {
  NumberTable table("moments",
                    {text("inspector.values"), text("inspector.mean"), text("inspector.rms"),
                     text("inspector.absmax")},
                    style, copied);
  for (const auto& [tensor, name] : Names<SignalTensor>::all) {
    const Statistics& values = layer.of(tensor);
    table.row({tensor_label(tensor), values.mean, values.rms, values.absmax},
              values.finite() ? style.palette.text : style.palette.bad);
  }
}

/// Moments of the tensor whose histogram is shown, to be looked at bit by bit.
void bits_buttons(const LayerSignal& layer, SignalTensor tensor, LabRequests& requests,
                  const Style& style) {
  styled_text(format_text("inspector.open_bits", fmt::arg("tensor", tensor_label(tensor))),
              style.fonts.regular, 0.875f, style.palette.muted);
  const Statistics& values = layer.of(tensor);
  for (const auto& [key, value] : {std::pair{"inspector.mean", values.mean},
                                   {"inspector.rms", values.rms},
                                   {"inspector.absmax", values.absmax}}) {
    ImGui::SameLine();
    if (ImGui::SmallButton(fmt::format("{}###bits of {}", text(key), key).c_str()))
      requests.inspect_number = fmt::format("{}", value);
    item_tooltip(text("inspector.open_bits_help"));
  }
}

void special_table(const LayerSignal& layer, const Style& style, std::string& copied) {
  NumberTable table("special",
                    {text("inspector.special"), text("special.zeros"), text("inspector.subnormal"),
                     text("inspector.inf_nan")},
                    style, copied);
  for (const auto& [tensor, name] : Names<SignalTensor>::all) {
    const Statistics& values = layer.of(tensor);
    table.row({tensor_label(tensor), share_text(values.zeros, values.count),
               share_text(values.subnormals, values.count),
               share_text(values.infs() + values.nans, values.count)},
              values.finite() ? style.palette.text : style.palette.bad);
  }
}

constexpr float kCostSize = 0.875f;

/// Numbers at the right edge of the line that begins at `begin` and has `used` pixels, if there is
/// room, else below; a click copies one.
void cost_beside(const std::vector<NumberCell>& cost, float begin, float room, float used,
                 const Style& style, std::string& copied) {
  ImGui::PushFont(style.fonts.mono, ImGui::GetStyle().FontSizeBase * kCostSize);
  float width = unit(style) * static_cast<float>(cost.size() - 1);
  for (const NumberCell& one : cost) width += ImGui::CalcTextSize(one.shown.c_str()).x;
  ImGui::PopFont();
  if (used + unit(style) + width <= room) ImGui::SameLine();
  ImGui::SetCursorPosX(begin + room - width);
  for (const NumberCell& one : cost) {
    if (&one != &cost.front()) ImGui::SameLine(0, unit(style));
    styled_text(one.shown, style.fonts.mono, kCostSize, style.palette.muted);
    copyable(fmt::format("cost {}", one.exact).c_str(), one.exact, style, copied);
  }
}

void kind_and_cost(const OperationLines& one, const Style& style, std::string& copied) {
  const float begin = ImGui::GetCursorPosX(), room = ImGui::GetContentRegionAvail().x;
  styled_text(one.kind, style.fonts.semibold, kCostSize, style.palette.text);
  const float used = ImGui::GetItemRectSize().x;
  mark_term(one.kind, style);
  cost_beside(one.cost, begin, room, used, style, copied);
}

void formula_and_cost(const OperationLines& one, const Style& style, std::string& copied) {
  const float begin = ImGui::GetCursorPosX(), room = ImGui::GetContentRegionAvail().x;
  const float used = formula_text(one.backward_equation, style, 1.0f, style.palette.muted);
  cost_beside(one.backward_cost, begin, room, used, style, copied);
}

/// What the layer's operations compute, there and back, with what that costs.
void operation_block(const PlanDescription& plan, int index, const Style& style,
                     std::string& copied) {
  heading(text("inspector.operations"), style);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing,
                      {ImGui::GetStyle().ItemSpacing.x, unit(style) / 4});
  for (const OperationLines& one : layer_operations(plan, index)) {
    ImGui::PushID(one.kind.c_str());
    ImGui::BeginGroup();
    kind_and_cost(one, style, copied);
    formula_text(one.equation, style, 1.0f, style.palette.text);
    if (!one.backward_equation.empty()) formula_and_cost(one, style, copied);
    ImGui::EndGroup();
    ImGui::PopID();
    item_tooltip(format_text("inspector.pytorch", fmt::arg("line", one.pytorch)).c_str());
    ImGui::Dummy({0, unit(style) / 4});
  }
  ImGui::PopStyleVar();
}

void equation_block(const SignalSnapshot& snapshot, int index, const Style& style,
                    std::string& copied) {
  if (snapshot.plan) operation_block(*snapshot.plan, index, style, copied);
  heading(text("inspector.equation"), style);
  for (const EquationLine& line : variance_equation(snapshot, index)) {
    const ImVec4& color = line.muted ? style.palette.muted : style.palette.text;
    if (line.formula) {
      copyable_formula(line.words, style, color, copied);
    } else {
      wrapped_text(line.words, style.fonts.mono, 0.875f, color);
      copyable(line.words.c_str(), line.number.empty() ? line.words : line.number, style, copied);
    }
  }
}

/// How high the bars of magnitudes are.
struct BarsHeight {
  float least;                       ///< units
  bool headed = true;                ///< below a heading, else below words in small
  std::optional<float> leaves = {};  ///< they fill the window but for so many pixels below
};

/// The layer's magnitudes, and those that the passes beside have in theirs of the same number.
void magnitudes_block(const SignalView& full_view, int index, const BarsHeight& bars,
                      const Style& style, std::string& copied) {
  const SignalView view = of_one_tensor(full_view);
  const SignalTensor tensor = view.pass->histogram_tensor;
  const std::string title = fmt::format("{}: {}", text("inspector.histogram"),
                                        text(fmt::format("tensor.{}", name_of(tensor))));
  if (bars.headed)
    heading(title.c_str(), style);
  else
    styled_text(title, style.fonts.semibold, 0.875f, style.palette.text);
  const auto data_of = [&](const LayerSignal& layer) {
    return BarsData{layer.histogram, layer.of(tensor)};
  };
  std::vector<BarsOutline> outlines;
  const auto add = [&](const OtherPass& one, const std::string& name, const Stroke& stroke) {
    if (!one) return;
    const int layer = index + first_layer_number(*view.pass) - first_layer_number(*one.pass);
    if (layer < 0 || layer >= static_cast<int>(one.pass->layers.size())) return;
    outlines.push_back({data_of(one.pass->layers[static_cast<std::size_t>(layer)]), name,
                        stroke.color, stroke.width});
  };
  add(view.before, text("compare.ghost"), ghost_stroke(style));
  add(view.other, "B", outline_stroke_of_b(style));
  const ImVec2 room = ImGui::GetContentRegionAvail();
  float height = unit(style) * bars.least;
  if (bars.leaves) height = std::max(height, room.y - *bars.leaves);
  histogram_bars(data_of(view.pass->layers[static_cast<std::size_t>(index)]), outlines,
                 {room.x, height}, style, copied);
}

/// Says that here something was no number any more; its bits are a click away.
void nonfinite_note(const SignalSnapshot& snapshot, int index, LabRequests& requests,
                    const Style& style) {
  const auto& first = snapshot.first_nonfinite;
  if (!first || first->layer != index) return;
  const std::string one = text(fmt::format("tensor.one.{}", name_of(first->tensor)));
  wrapped_text(format_text(first->backward ? "inspector.first_backward" : "inspector.first_forward",
                           fmt::arg("tensor", one), fmt::arg("value", first->value)),
               style.fonts.semibold, 1.0f, style.palette.bad);
  const std::string label = format_text("inspector.bits_of", fmt::arg("value", first->value));
  if (ImGui::SmallButton(fmt::format("{}###bits of nonfinite", label).c_str()))
    requests.inspect_number = first->value;
  item_tooltip(text("inspector.open_bits_help"));
}

void precision_table(const SignalSnapshot& snapshot, const Style& style, std::string& copied) {
  NumberTable table("precision",
                    {text("inspector.operation"), text("inspector.in"), text("inspector.sum"),
                     text("inspector.out")},
                    style, copied);
  for (const PrecisionUse& use : snapshot.precision)
    table.row({use.operation, use.input, use.accumulate, use.output}, style.palette.text);
}

void cost_table(const SignalSnapshot& snapshot, const Style& style, std::string& copied) {
  NumberTable table("pass", {"", ""}, style, copied);
  const PassCost& cost = snapshot.cost;
  const auto row = [&](const char* key, const NumberCell& value) {
    table.row({text(key), value}, style.palette.text);
  };
  row("inspector.layers", fmt::format("{}", snapshot.layers.size()));
  row("inspector.time", seconds_text(cost.seconds));
  row("inspector.statistics_time", seconds_text(cost.statistics_seconds));
  row("inspector.memory", bytes_text(static_cast<double>(cost.memory.total())));
  if (snapshot.plan) {
    for (const auto& [role, bytes] : snapshot.plan->bytes_by_role())
      row(fmt::format("inspector.role.{}", name_of(role)).c_str(),
          bytes_text(static_cast<double>(bytes)));
    row("inspector.role.drawn",
        bytes_text(static_cast<double>(cost.memory.total() - cost.memory.plan)));
  }
  row("inspector.flops", cost.flops);
  if (cost.seconds > 0)
    row("inspector.speed", fmt::format("{} GFLOP/s", number_text(cost.flops / cost.seconds / 1e9)));
  row("inspector.input_moment", snapshot.input.second_moment);
}

/// Why a layer has no band in one line; the whole of it as help.
void no_band_line_of(const SignalSnapshot& snapshot, const LayerSignal& layer, const Style& style) {
  const std::string line = no_band_line(snapshot, layer);
  if (line.empty()) return;
  ImGui::PushFont(style.fonts.regular, style.font_size * 0.875f);
  const std::string shown = fitted(line, ImGui::GetContentRegionAvail().x);
  ImGui::PopFont();
  styled_text(shown, style.fonts.regular, 0.875f, style.palette.muted);
  item_tooltip(fmt::format("{}", fmt::join(no_band_words(snapshot, layer), "\n")).c_str());
}

/// The shape below the name, or beside it.
void layer_name(const LayerSignal& layer, const Style& style, bool beside = false) {
  styled_text(layer.name, style.fonts.semibold, 1.25f, style.palette.text);
  if (beside) {
    ImGui::SameLine(0, 2 * unit(style));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + 0.3f * ImGui::GetFontSize());  // on its base line
  }
  styled_text(format_text("inspector.shape",
                          fmt::arg("shape", fmt::format("{}", fmt::join(layer.shape, " x ")))),
              style.fonts.mono, 0.875f, style.palette.muted);
}

/// What is to be said of the predictions.
void notes(const SignalSnapshot& snapshot, const LayerSignal& layer, const Style& style) {
  overflow_note(layer, style);
  no_band_notes(snapshot, layer, style);
}

/// The tensors' moments and values that are no ordinary numbers.
void values_block(const SignalSnapshot& snapshot, const LayerSignal& layer, const Style& style,
                  LabRequests& requests) {
  ImGui::Dummy({0, unit(style) / 2});
  moment_table(layer, style, requests.copy);
  bits_buttons(layer, snapshot.histogram_tensor, requests, style);
  ImGui::Dummy({0, unit(style) / 2});
  special_table(layer, style, requests.copy);
  term_list({"band", "preactivation", "activation_grad", "fan_in", "rms", "subnormal"}, style);
}

}  // namespace

void draw_layer_card(const SignalView& view, int index, bool brief, const Style& style,
                     LabRequests& requests) {
  BarsHeight bars{.least = 6, .headed = !brief};
  // In the place of a plot or of the controls the card's height is given.
  const auto& plot = requests.explain_in;
  const bool given =
      !brief || (plot && std::abs(ImGui::GetWindowHeight() - (plot->second.y - plot->first.y)) < 1);
  if (given && ImGui::GetStateStorage()->GetInt(ImGui::GetID("###more")) == 0)
    bars.leaves = ImGui::GetFrameHeightWithSpacing() + ImGui::GetStyle().ItemSpacing.y;
  const SignalSnapshot& snapshot = *view.pass;
  const LayerSignal& layer = snapshot.layers[static_cast<std::size_t>(index)];
  layer_name(layer, style, /*beside=*/true);
  nonfinite_note(snapshot, index, requests, style);
  variance_table(layer, style, requests.copy);
  no_band_line_of(snapshot, layer, style);
  if (!brief) equation_block(snapshot, index, style, requests.copy);
  magnitudes_block(view, index, bars, style, requests.copy);
  if (!ImGui::CollapsingHeader(fmt::format("{}###more", text("inspector.more")).c_str())) return;
  notes(snapshot, layer, style);
  if (brief) equation_block(snapshot, index, style, requests.copy);
  values_block(snapshot, layer, style, requests);
}

void draw_layer_inspector(const SignalView& view, int index, const Style& style,
                          LabRequests& requests) {
  constexpr float kHigh = 12;  // units
  const SignalSnapshot& snapshot = *view.pass;
  const LayerSignal& layer = snapshot.layers[static_cast<std::size_t>(index)];
  layer_name(layer, style);
  nonfinite_note(snapshot, index, requests, style);
  ImGui::Dummy({0, unit(style) / 2});
  variance_table(layer, style, requests.copy);
  notes(snapshot, layer, style);
  equation_block(snapshot, index, style, requests.copy);
  magnitudes_block(view, index, {.least = kHigh}, style, requests.copy);
  values_block(snapshot, layer, style, requests);
}

void draw_pass_inspector(const SignalSnapshot& snapshot, const Style& style,
                         LabRequests& requests) {
  styled_text(text("inspector.pass"), style.fonts.semibold, 1.25f, style.palette.text);
  wrapped_text(text("inspector.hint"), style.fonts.regular, 1.0f, style.palette.muted);
  ImGui::Dummy({0, unit(style) / 2});
  cost_table(snapshot, style, requests.copy);
  heading(text("inspector.precision"), style);
  precision_table(snapshot, style, requests.copy);
  wrapped_text(text(snapshot.emulated() ? "inspector.emulated" : "inspector.native"),
               style.fonts.regular, 0.875f, style.palette.muted);
  term_list(
      {"preactivation", "activation_grad", "variance", "gain", "saturation", "subnormal", "flop"},
      style);
}

}  // namespace nanscope
