#include <fmt/format.h>

#include <cmath>

#include "engine/numbers/exact.h"
#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

constexpr int kMultiples = 100;

/// The decimal fraction that was meant: the shortest one that this double stands for, exactly. fp64
/// itself is off from it.
ExactNumber typed_number(double value) { return *parse_number(fmt::format("{}", value)); }

ExactNumber times(int factor, ExactNumber number) {
  number.magnitude *= factor;
  return number;
}

/// A number of the format and how far it is from the one that was typed.
struct Stored {
  double value = 0;
  double error = 0;
  double relative_error = 0;
};

Stored store(const RoundoffTask& task, const NumberFormat& format, const ExactNumber& typed,
             RandomNumbers& random) {
  const double value =
      round_to(format, typed, {task.settings.rounding, task.settings.overflow, random.bits()});
  const Errors errors = errors_of(value, typed);
  return {value, errors.absolute.value, errors.relative.value};
}

/// Relative errors of the number's first multiples.
ChartCurve multiples_curve(const RoundoffTask& task, const NumberFormat& format,
                           const ExactNumber& typed) {
  ChartCurve curve = task.curve(format, "rounding_error");
  RandomNumbers random(task.settings.seed);
  for (int k = 1; k <= kMultiples; ++k) {
    const ExactNumber multiple = times(k, typed);
    curve.add(nearest_double(multiple), store(task, format, multiple, random).relative_error);
  }
  return curve;
}

}  // namespace

Result<RoundoffChart> run_decimal(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("decimal", chart_axis("value"), chart_axis("relative_error", 10));
  set_columns(chart, {{"format"}, {"result"}, {"error"}, {"relative_error"}, {"unit_roundoff"}});
  const double value = task.settings.value;
  const ExactNumber typed = typed_number(value);
  chart.headline = {roundoff_key("decimal.exact"),
                    {{"value", value}, {"format", task.formats.front().name}}};
  double exact_formats = 0, worst = 0;
  ChartHeadline lost;
  for (const NumberFormat& format : task.formats) {
    RandomNumbers random(task.settings.seed);
    const Stored stored = store(task, format, typed, random);
    const double u = task.rounder(format).unit_roundoff();
    chart.curves.push_back(multiples_curve(task, format, typed));
    chart.marks.push_back({ChartMark::Axis::y, u, format.name, roundoff_key("unit_roundoff")});
    add_row(chart, {format.name, stored.value, stored.error, stored.relative_error, u});
    exact_formats += stored.error == 0;
    const bool is_number = stored.value != 0 && std::isfinite(stored.value);
    if (stored.error != 0 && !is_number && lost.key.empty())
      lost = {roundoff_key("decimal.lost"),
              {{"value", value}, {"format", format.name}, {"result", stored.value}}};
    // The sentence tells of the largest error that still left a number.
    if (stored.relative_error > worst && is_number) {
      worst = stored.relative_error;
      chart.headline = {roundoff_key("decimal.inexact"),
                        {{"value", value},
                         {"format", format.name},
                         {"result", stored.value},
                         {"relative_error", stored.relative_error}}};
    }
  }
  if (exact_formats == 0 && worst > 0) chart.headline.key = roundoff_key("decimal.none");
  if (worst == 0 && !lost.key.empty()) chart.headline = lost;
  chart.headline.facts.emplace_back("exact", exact_formats);
  chart.headline.facts.emplace_back("formats", static_cast<double>(task.formats.size()));
  return chart;
}

}  // namespace nanscope
