#include <fmt/args.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "ui/labs/numbers/plots/roundoff_plot.h"
#include "ui/text/language.h"
#include "ui/text/text.h"

// What is said of a chart.
namespace nanscope {
namespace {

constexpr int kFewDigits = 3, kAllDigits = 17;  // the latter tell any two doubles apart

/// Whole numbers whole, others with three digits, or as many as are before the point.
std::string fact_text(double value, int digits = kFewDigits) {
  constexpr double kLargestWhole = 1e9, kLargestPlain = 1e5;
  if (!std::isfinite(value)) return number_text(value);
  const double size = std::abs(value);
  const bool whole = value == std::round(value) && size < kLargestWhole;
  const bool plain = digits == kFewDigits && size >= 1000 && size < kLargestPlain;
  return whole || plain ? fmt::format("{:.0f}", value) : fmt::format("{:.{}g}", value, digits);
}

/// The headline's numbers as texts, with as many digits as tell those apart that differ: "fp16
/// holds 0.09998 instead" of 0.1, which three digits would call 0.1.
std::map<std::string, std::string> number_facts(const ChartHeadline& headline) {
  std::vector<std::pair<std::string, double>> numbers;
  for (const auto& [name, value] : headline.facts)
    if (const double* number = std::get_if<double>(&value); number && !std::isnan(*number))
      numbers.emplace_back(name, *number);
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : numbers) {
    int digits = kFewDigits;
    const auto is_mistaken = [&](const auto& other) {
      return other.second != value && fact_text(other.second, digits) == fact_text(value, digits);
    };
    while (digits < kAllDigits && std::ranges::any_of(numbers, is_mistaken)) ++digits;
    texts[name] = fact_text(value, digits);
  }
  return texts;
}

/// The headline's key, or the one for a single format.
std::string headline_key(const RoundoffChart& chart) {
  const std::string& key = chart.headline.key;
  const ChartCell* formats = chart.fact("formats");
  const bool single = formats && *formats == ChartCell(1.0);
  return single && languages().front().find(key + ".one") ? key + ".one" : key;
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
  const std::map<std::string, std::string> numbers = number_facts(chart.headline);
  fmt::dynamic_format_arg_store<fmt::format_context> facts;
  for (const auto& [name, value] : chart.headline.facts) {
    const auto number = numbers.find(name);
    facts.push_back(
        fmt::arg(name.c_str(), number == numbers.end() ? cell_words(value, "") : number->second));
    if (!std::holds_alternative<double>(value)) continue;
    const std::string percent_name = name + "_percent";
    facts.push_back(fmt::arg(percent_name.c_str(), number_text(100 * std::get<double>(value))));
  }
  return fmt::vformat(text(headline_key(chart)), facts);
}

std::string curve_words(const ChartCurve& curve) {
  std::string words = curve.format.empty() ? "" : curve.format + ", ";
  words += text(curve.label);
  return words + ", " + text("plot." + std::string(name_of(curve.evidence)));
}

}  // namespace nanscope
