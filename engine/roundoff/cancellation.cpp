#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

// Powers of two over which x runs.
constexpr int kLowestDifference = -30;

/// (1 + x) - 1 in the format, where x is one of its numbers.
struct Difference {
  double x = 0;
  double sum = 0;
  double result = 0;
  double relative_error = 0;
  /// By how much the subtraction enlarges the relative error of its operands: (|a|+|b|)/|a-b|,
  /// counted for the sum alone, since 1 is exact.
  double amplification = 0;
};

Difference difference(Rounder& round, double value) {
  Difference d;
  d.x = round(value);
  d.sum = round.add(1, d.x);
  d.result = round.subtract(d.sum, 1);
  d.relative_error = std::abs(d.result - d.x) / d.x;
  d.amplification = (1 + d.x) / d.x;
  return d;
}

}  // namespace

Result<RoundoffChart> run_cancellation(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("cancellation", chart_axis("x", 2), chart_axis("relative_error", 10));
  set_columns(chart, {{"format"},
                      {"x"},
                      {"one_plus_x"},
                      {"result"},
                      {"relative_error"},
                      {"bound"},
                      {"amplification"}});
  const double digits = std::scalbn(task.settings.value, -std::ilogb(task.settings.value));
  for (const NumberFormat& format : task.formats) {
    Rounder round = task.rounder(format);
    const double u = round.unit_roundoff();
    ChartCurve error = task.curve(format, "difference_error");
    // The sum is off by at most u (1 + x); the subtraction is exact (Sterbenz) and keeps that.
    ChartCurve bound = predicted_curve(format.name, "bound", "u (1 + x) / x");
    for (int exponent = kLowestDifference; exponent <= 0; ++exponent) {
      const Difference d = difference(round, std::ldexp(digits, exponent));
      if (!(d.x > 0) || !std::isfinite(d.x)) continue;
      error.add(d.x, d.relative_error);
      bound.add(d.x, u * d.amplification);
    }
    chart.curves.push_back(std::move(error));
    chart.curves.push_back(std::move(bound));
    const Difference d = difference(round, task.settings.value);
    add_row(chart, {format.name, d.x, d.sum, d.result, d.relative_error, u * d.amplification,
                    d.amplification});
    if (chart.headline.key.empty() && d.x > 0 && std::isfinite(d.x))
      chart.headline = {roundoff_key(d.result == 0 ? "cancellation.all" : "cancellation.some"),
                        {{"format", format.name},
                         {"x", d.x},
                         {"result", d.result},
                         {"error", d.relative_error},
                         {"amplification", d.amplification}}};
  }
  if (chart.headline.key.empty())
    chart.headline = {roundoff_key("cancellation.no_x"), {{"x", task.settings.value}}};
  chart.marks.push_back({ChartMark::Axis::x, task.settings.value, "", roundoff_key("value")});
  return chart;
}

}  // namespace nanscope
