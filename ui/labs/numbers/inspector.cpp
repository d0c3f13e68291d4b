#include "ui/labs/numbers/inspector.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imgui.h"
#include "ui/canvas/power_text.h"
#include "ui/charts/axis.h"
#include "ui/labs/numbers/plots/bit_grid.h"
#include "ui/labs/numbers/plots/number_line.h"
#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/text.h"
#include "ui/widgets/context_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/number_table.h"
#include "ui/widgets/term.h"

namespace nanscope {
namespace {

constexpr std::size_t kCopiedDigits = 200;  // of a formula

void title(const std::string& words, const Style& style) {
  styled_text(words, style.fonts.semibold, 1.25f, style.palette.text);
}

void paragraph(const char* key, const Style& style) {
  text_with_formulas(text(key), style, style.palette.muted);
}

/// A long number, wrapped anywhere, that a click copies.
void long_number(const std::string& words, const Style& style, LabRequests& requests) {
  ImGui::PushFont(style.fonts.mono, style.font_size * 0.875f);
  const float width = ImGui::GetContentRegionAvail().x;
  const float digit = ImGui::CalcTextSize("0").x;
  const auto columns = static_cast<std::size_t>(std::max(8.0f, width / digit));
  ImGui::BeginGroup();
  for (std::size_t at = 0; at < words.size(); at += columns)
    ImGui::TextUnformatted(words.substr(at, columns).c_str());
  ImGui::EndGroup();
  ImGui::PopFont();
  copyable("long number", words, style, requests.copy);
  if (ImGui::SmallButton(fmt::format("{}###copy value", text("numbers.copy")).c_str()))
    requests.copy = words;
}

/// "614 / 2\u00B9\u2070", copied as "614 / 2^10".
NumberCell mantissa_cell(const NumberRow& row, const Style& style) {
  const auto mantissa = row.encoding.fields.mantissa;
  NumberCell cell(fmt::format("{} / 2^{}", mantissa, row.format.mantissa_bits));
  cell.shown =
      fmt::format("{} / {}", mantissa, power_text(2, row.format.mantissa_bits, style.fonts.mono));
  return cell;
}

void field_table(const NumberRow& row, const Style& style, std::string& copied) {
  NumberTable table("fields", {text("inspector.fields"), ""}, style, copied);
  const auto add = [&](const char* key, const NumberCell& value) {
    table.row({text(key), value}, style.palette.text);
  };
  const Encoding& e = row.encoding;
  add("inspector.code", e.bits);
  if (row.format.has_sign) add("numbers.field.sign", std::to_string(e.fields.sign));
  // Zero and subnormal numbers have the exponent of the smallest normal one (IEEE 754, 3.4).
  const bool is_lowest = e.fields.exponent == 0 && row.format.mantissa_bits > 0;
  if (row.format.exponent_bits > 0)
    add("numbers.field.exponent",
        fmt::format("{} - {}", is_lowest ? 1 : e.fields.exponent, row.format.bias));
  if (row.format.mantissa_bits > 0) add("numbers.field.mantissa", mantissa_cell(row, style));
  add("inspector.class", text(fmt::format("numbers.class.{}", name_of(e.number_class))));
  add("inspector.ulp", e.ulp);
}

void neighbor_table(const NumberRow& row, const Style& style, std::string& copied) {
  NumberTable table("neighbors", {text("inspector.neighbors"), ""}, style, copied);
  const Encoding& e = row.encoding;
  const auto add = [&](const char* key, const std::optional<Neighbor>& neighbor) {
    table.row({text(key), neighbor ? digits_text(neighbor->value, e.ulp) : "-"},
              style.palette.text);
  };
  add("inspector.above", e.above);
  table.row({text("inspector.this"), digits_text(e.value, e.ulp)}, style.palette.accent);
  add("inspector.below", e.below);
}

void limit_table(const NumberFormat& format, const Style& style, std::string& copied) {
  NumberTable table("limits", {text("inspector.limits"), ""}, style, copied);
  const auto add = [&](const char* key, const NumberCell& value) {
    table.row({text(key), value}, style.palette.text);
  };
  add("ranges.column.largest", format.largest);
  if (format.is_integer) {
    add("control.numbers.scale", format.scale);
    return;
  }
  add("ranges.column.smallest_normal", format.smallest_normal);
  if (format.has_subnormals) add("ranges.column.smallest_subnormal", format.smallest_subnormal);
  add("ranges.column.epsilon", format.epsilon);
  add("ranges.column.digits", fmt::format("{:.1f}", decimal_digits(format)));
}

/// What an experiment's plots speak of.
std::vector<std::string_view> terms_of(std::string_view experiment) {
  struct Terms {
    std::string_view experiment;
    std::vector<std::string_view> keys;
  };
  static const std::array<Terms, 13> all{
      {{"tiny", {"subnormal", "underflow", "normal", "ulp"}},
       {"decimal", {"unit_roundoff", "rounding"}},
       {"absorption", {"absorption", "ulp", "rounding"}},
       {"accumulation", {"absorption", "kahan", "accumulator", "ulp"}},
       {"summation", {"pairwise", "kahan", "unit_roundoff"}},
       {"cancellation", {"cancellation", "unit_roundoff"}},
       {"dot", {"accumulator", "unit_roundoff"}},
       {"matmul", {"accumulator", "unit_roundoff"}},
       {"stochastic", {"stochastic", "ulp", "rounding"}},
       {"loss_scaling", {"loss_scaling", "underflow", "overflow", "subnormal"}},
       {"condition", {"condition", "unit_roundoff"}},
       {"quantization", {"sqnr", "absmax", "dynamic_map", "rms"}},
       {"block_scaled", {"block_scaled", "e8m0", "sqnr", "saturating"}}}};
  const auto found = std::ranges::find(all, experiment, &Terms::experiment);
  return found == all.end() ? std::vector<std::string_view>{} : found->keys;
}

}  // namespace

void draw_number_inspector(const NumberRow& row, const Style& style, LabRequests& requests) {
  title(row.format.name, style);
  // The digits that have room; what is copied has more.
  const auto digits =
      static_cast<std::size_t>(ImGui::GetContentRegionAvail().x / (0.62f * ImGui::GetFontSize()));
  copyable_formula(formula_words(row, std::max<std::size_t>(digits, 24)), style, style.palette.text,
                   requests.copy, formula_words(row, kCopiedDigits));
  heading(text("inspector.exact_value"), style);
  long_number(row.encoding.decimal, style, requests);
  wrapped_text(error_words(row), style.fonts.regular, 0.875f, style.palette.muted);
  ImGui::Dummy({0, unit(style) / 2});
  field_table(row, style, requests.copy);
  ImGui::Dummy({0, unit(style) / 2});
  neighbor_table(row, style, requests.copy);
  ImGui::Dummy({0, unit(style) / 2});
  limit_table(row.format, style, requests.copy);
}

void draw_ranges_inspector(const Experiment&, const Style& style) {
  title(text("numbers.view.ranges"), style);
  paragraph("ranges.explained", style);
  heading(text("ranges.column.epsilon"), style);
  paragraph("ranges.epsilon_explained", style);
  heading(text("numbers.class.subnormal"), style);
  paragraph("ranges.subnormal_explained", style);
  term_list({"mantissa", "exponent", "digits", "e4m3fnuz", "e8m0"}, style);
}

void draw_roundoff_inspector(const RoundoffChart& chart, const Style& style,
                             LabRequests& requests) {
  title(text(fmt::format("numbers.view.{}", chart.experiment)), style);
  text_with_formulas(text(fmt::format("roundoff.explained.{}", chart.experiment)), style,
                     style.palette.text);
  if (!chart.source.empty()) {
    heading(text("roundoff.source"), style);
    wrapped_text(cell_words(chart.source, ""), style.fonts.regular, 0.875f, style.palette.muted);
  }
  std::set<std::pair<std::string, std::string>> formulas;
  for (const ChartCurve& curve : chart.curves)
    if (!curve.formula.empty()) formulas.insert({curve.label, curve.formula});
  if (!formulas.empty()) heading(text("roundoff.formulas"), style);
  for (const auto& [label, formula] : formulas) {
    wrapped_text(text(label), style.fonts.regular, 0.875f, style.palette.muted);
    copyable_formula(formula, style, style.palette.text, requests.copy);
  }
  heading(text("roundoff.evidence"), style);
  wrapped_text(text("roundoff.evidence_explained"), style.fonts.regular, 0.875f,
               style.palette.muted);
  term_list(terms_of(chart.experiment), style);
}

}  // namespace nanscope
