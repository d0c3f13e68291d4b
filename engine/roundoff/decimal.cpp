#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

constexpr int kMultiples = 100;

/// Relative errors of value, 2 value, ..., 100 value.
ChartCurve multiples_curve(const RoundoffTask& task, const NumberFormat& format) {
  ChartCurve curve{format.name, roundoff_key("rounding_error"), task.evidence(format), "", {}, {}};
  Rounder round = task.rounder(format);
  for (int k = 1; k <= kMultiples; ++k) {
    const double value = k * task.settings.value;
    curve.x.push_back(value);
    curve.y.push_back(std::abs(round(value) - value) / value);
  }
  return curve;
}

}  // namespace

Result<RoundoffChart> run_decimal(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("decimal", chart_axis("value"), chart_axis("relative_error", 10));
  set_columns(chart, {{"format"}, {"result"}, {"error"}, {"relative_error"}, {"unit_roundoff"}});
  const double value = task.settings.value;
  double exact = 0;
  ChartHeadline headline{roundoff_key("decimal.exact"), {{"value", value}}};
  double worst = 0;
  for (const NumberFormat& format : task.formats) {
    chart.curves.push_back(multiples_curve(task, format));
    Rounder round = task.rounder(format);
    const double u = round.unit_roundoff();
    chart.curves.push_back(
        {format.name,
         roundoff_key("unit_roundoff"),
         Evidence::predicted,
         task.settings.rounding == Rounding::nearest_even ? "u = 2^-(m+1)" : "u = 2^-m",
         {value, kMultiples * value},
         {u, u}});
    const double result = round(value);
    const double relative = std::abs(result - value) / value;
    add_row(chart, {format.name, result, result - value, relative, u});
    // fp64 itself holds what was typed only to its own precision: it is never counted as exact,
    // unless a narrower format holds the number as well.
    if (relative == 0 && format.mantissa_bits < 52) ++exact;
    // The sentence tells of the largest error that still left a number.
    if (relative > worst && result != 0 && std::isfinite(result)) {
      worst = relative;
      headline = {roundoff_key("decimal.inexact"),
                  {{"value", value},
                   {"format", format.name},
                   {"result", result},
                   {"relative_error", relative}}};
    }
  }
  headline.facts.emplace_back("exact", exact);
  headline.facts.emplace_back("formats", static_cast<double>(task.formats.size()));
  chart.headline = headline;
  return chart;
}

}  // namespace nanscope
