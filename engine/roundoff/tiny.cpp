#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

// The exponents that the plot covers: beyond every format but fp64.
constexpr int kLowestExponent = -170;
constexpr int kHighestExponent = 140;

double error_over_value(double rounded, double value) { return std::abs(rounded - value) / value; }

/// The relative error of the value's digits at every power of two: flat where numbers are normal,
/// rising through the subnormals to 1, where nothing is left.
ChartCurve error_curve(const RoundoffTask& task, const NumberFormat& format) {
  ChartCurve curve = task.curve(format, "rounding_error");
  Rounder round = task.rounder(format);
  const double digits = std::scalbn(task.settings.value, -std::ilogb(task.settings.value));
  for (int exponent = kLowestExponent; exponent <= kHighestExponent; ++exponent) {
    const double value = std::ldexp(digits, exponent);
    curve.add(value, error_over_value(round(value), value));
  }
  return curve;
}

ChartHeadline headline(const RoundoffTask& task) {
  const double value = task.settings.value;
  const NumberFormat* worst = &task.formats.front();
  double worst_result = task.rounder(*worst)(value);
  for (const NumberFormat& format : task.formats) {
    const double result = task.rounder(format)(value);
    if (result == 0)
      return {roundoff_key("tiny.zero"),
              {{"value", value},
               {"format", format.name},
               {"smallest", format.smallest_subnormal},
               {"half", format.smallest_subnormal / 2}}};
    if (!(error_over_value(result, value) <= error_over_value(worst_result, value))) {
      worst = &format;
      worst_result = result;
    }
  }
  const bool beyond = !std::isfinite(worst_result);
  return {roundoff_key(beyond ? "tiny.overflow" : "tiny.kept"),
          {{"value", value},
           {"format", worst->name},
           {"result", worst_result},
           {"error", error_over_value(worst_result, value)},
           {"largest", worst->largest}}};
}

}  // namespace

Result<RoundoffChart> run_tiny(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("tiny", chart_axis("magnitude", 2), chart_axis("relative_error", 10));
  set_columns(chart, {{"format"},
                      {"result"},
                      {"relative_error"},
                      {"smallest_subnormal"},
                      {"smallest_normal"},
                      {"largest"}});
  const double value = task.settings.value;
  for (const NumberFormat& format : task.formats) {
    chart.curves.push_back(error_curve(task, format));
    chart.marks.push_back({ChartMark::Axis::x, format.smallest_subnormal, format.name,
                           roundoff_key("smallest_subnormal")});
    const double result = task.rounder(format)(value);
    add_row(chart, {format.name, result, error_over_value(result, value), format.smallest_subnormal,
                    format.smallest_normal, format.largest});
  }
  chart.marks.push_back({ChartMark::Axis::x, value, "", roundoff_key("value")});
  chart.headline = headline(task);
  return chart;
}

}  // namespace nanscope
