#include <cmath>
#include <limits>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

/// The distance from a power of two to the next number.
double step_at(const NumberFormat& format, double power) {
  return std::max(power * format.epsilon, format.smallest_subnormal);
}

/// The smallest power of two of the format with a + b = a, or NaN.
double measured_start(const NumberFormat& format, double b, Rounder& round) {
  for (double a = format.smallest_normal; a <= format.largest; a *= 2)
    if (round.add(a, b) == a) return a;
  return kNone;
}

/// The same from the distance between neighbours; NaN where the mode never absorbs.
double predicted_start(const NumberFormat& format, double b, Rounding rounding) {
  if (rounding == Rounding::up || rounding == Rounding::stochastic) return kNone;
  const bool nearest = rounding == Rounding::nearest_even;
  for (double a = format.smallest_normal; a <= format.largest; a *= 2)
    // Half a step is a tie, which goes to the even neighbour: a power of two.
    if (nearest ? step_at(format, a) / 2 >= b : step_at(format, a) > b) return a;
  return kNone;
}

/// The part of b that reaches a + b, at each power of two a from b / 4 on.
ChartCurve arrival_curve(const RoundoffTask& task, const NumberFormat& format, double b) {
  ChartCurve curve = task.curve(format, "arrives");
  Rounder round = task.rounder(format);
  const double first = std::exp2(std::floor(std::log2(b)) - 2);
  const double last = std::min(format.largest, 16 * b / format.epsilon);
  for (double a = std::max(first, format.smallest_normal); a <= last; a *= 2) {
    curve.add(a, (round.add(a, b) - a) / b);
  }
  return curve;
}

}  // namespace

Result<RoundoffChart> run_absorption(const RoundoffTask& task) {
  RoundoffChart chart = empty_chart("absorption", chart_axis("a", 2), chart_axis("arriving_share"));
  set_columns(chart, {{"format"}, {"addend"}, {"starts"}, {"predicted_start"}, {"unit_roundoff"}});
  chart.headline = {roundoff_key("absorption.never"), {{"addend", task.settings.addend}}};
  bool found = false;
  ChartHeadline lost;  // a format that has no such b
  for (const NumberFormat& format : task.formats) {
    Rounder round = task.rounder(format);
    const double b = round(task.settings.addend);
    double start = kNone, predicted = kNone;
    if (b > 0 && std::isfinite(b)) {
      chart.curves.push_back(arrival_curve(task, format, b));
      start = measured_start(format, b, round);
      predicted = predicted_start(
          format, b, format.mantissa_bits == 52 ? Rounding::nearest_even : task.settings.rounding);
      if (std::isfinite(predicted))
        chart.marks.push_back(
            {ChartMark::Axis::x, predicted, format.name, roundoff_key("predicted_start")});
    }
    add_row(chart, {format.name, b, start, predicted, round.unit_roundoff()});
    if (lost.key.empty() && !(b > 0 && std::isfinite(b)))
      lost = {roundoff_key("absorption.no_b"),
              {{"format", format.name}, {"b", b}, {"addend", task.settings.addend}}};
    if (!found && std::isfinite(start)) {
      found = true;
      chart.headline = {roundoff_key("absorption.starts"),
                        {{"format", format.name}, {"a", start}, {"addend", b}}};
    }
  }
  if (!found && !lost.key.empty()) chart.headline = lost;
  return chart;
}

}  // namespace nanscope
