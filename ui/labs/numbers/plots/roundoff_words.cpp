#include <fmt/args.h>
#include <fmt/format.h>

#include <cmath>

#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/text.h"

// What is said of a chart.
namespace nanscope {
namespace {

/// Whole numbers whole, others with three digits, or as many as are before the point.
std::string fact_text(double value) {
  constexpr double kLargestWhole = 1e9, kLargestPlain = 1e5;
  if (!std::isfinite(value)) return number_text(value);
  const double size = std::abs(value);
  const bool whole = value == std::round(value) && size < kLargestWhole;
  if (whole || (size >= 1000 && size < kLargestPlain)) return fmt::format("{:.0f}", value);
  return fmt::format("{:.3g}", value);
}

std::string words_of(const std::string& name) {
  return name.starts_with("roundoff.") ? text(name) : name;
}

}  // namespace

std::string cell_words(const ChartCell& cell, const std::string& unit) {
  if (const auto* name = std::get_if<std::string>(&cell)) return words_of(*name);
  const double value = std::get<double>(cell);
  if (std::isnan(value)) return "-";
  if (unit == "share") return fact_text(100 * value) + " %";
  return unit.empty() ? fact_text(value) : fact_text(value) + " " + unit;
}

std::string roundoff_sentence(const RoundoffChart& chart) {
  fmt::dynamic_format_arg_store<fmt::format_context> facts;
  for (const auto& [name, value] : chart.headline.facts) {
    facts.push_back(fmt::arg(name.c_str(), cell_words(value, "")));
    if (!std::holds_alternative<double>(value)) continue;
    const std::string percent_name = name + "_percent";
    facts.push_back(fmt::arg(percent_name.c_str(), number_text(100 * std::get<double>(value))));
  }
  return fmt::vformat(text(chart.headline.key), facts);
}

std::string curve_words(const ChartCurve& curve) {
  std::string words = curve.format.empty() ? "" : curve.format + ", ";
  words += text(curve.label);
  return words + ", " + text("plot." + std::string(name_of(curve.evidence)));
}

}  // namespace nanscope
