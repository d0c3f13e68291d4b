#include <cmath>
#include <limits>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"
#include "engine/roundoff/sums.h"

namespace nanscope {
namespace {

/// One way of adding: its curve, and where it stopped moving.
struct Run {
  ChartCurve curve;
  double last = 0;
  double steps_until_stall = kNone;
};

/// Calls `add` (which returns the sum so far) `length` times and keeps the drawn points. `at_rest`
/// says afterwards whether one more call would change nothing: then none will ever again.
template <class Add, class AtRest>
Run run_steps(const RoundoffTask& task, ChartCurve curve, double start, const Add& add,
              const AtRest& at_rest) {
  Run run{std::move(curve), start, kNone};
  int step = 0, last_change = 0;
  for (const int drawn : drawn_steps(task.settings.length)) {
    for (; step < drawn; ++step) {
      const double next = add();
      if (next != run.last) last_change = step + 1;
      run.last = next;
    }
    run.curve.add(drawn, run.last);
  }
  const bool deterministic = task.settings.rounding != Rounding::stochastic;
  if (deterministic && last_change < step && at_rest()) run.steps_until_stall = last_change;
  return run;
}

Run run_plain(const RoundoffTask& task, const NumberFormat& format) {
  Rounder round = task.rounder(format);
  const double start = round(task.settings.start), addend = round(task.settings.addend);
  double sum = start;
  return run_steps(
      task, task.curve(format, "plain"), start, [&] { return sum = round.add(sum, addend); },
      [&] { return round.add(sum, addend) == sum; });
}

Run run_kahan(const RoundoffTask& task, const NumberFormat& format) {
  Rounder round = task.rounder(format, 1);
  const double start = round(task.settings.start), addend = round(task.settings.addend);
  KahanSum sum(start);
  const auto add = [&] {
    sum.add(addend, round);
    return sum.value();
  };
  return run_steps(task, task.curve(format, "kahan"), start, add, [&] {
    const KahanSum before = sum;
    add();
    return sum == before;
  });
}

/// Terms of the format, summed in the accumulator; what is drawn is the sum in the accumulator.
Run run_wide(const RoundoffTask& task, const NumberFormat& format) {
  Rounder round = task.rounder(format, 2), round_wide = task.rounder(task.accumulator, 3);
  const double start = round(task.settings.start), addend = round(task.settings.addend);
  double sum = start;
  return run_steps(
      task, task.curve(format, "accumulator"), start,
      [&] { return sum = round_wide.add(sum, addend); },
      [&] { return round_wide.add(sum, addend) == sum; });
}

}  // namespace

Result<RoundoffChart> run_accumulation(const RoundoffTask& task) {
  RoundoffChart chart = empty_chart("accumulation", chart_axis("additions"), chart_axis("sum"));
  set_columns(chart, {{"format"}, {"method"}, {"result"}, {"relative_error"}, {"stalls_after"}});
  const RoundoffSettings& settings = task.settings;
  const double exact = settings.start + settings.addend * settings.length;
  chart.curves.push_back({"",
                          roundoff_key("exact"),
                          Evidence::predicted,
                          "start + n b",
                          {0, static_cast<double>(settings.length)},
                          {settings.start, exact}});
  ChartHeadline stall, drift;
  double worst = -1;
  for (const NumberFormat& format : task.formats) {
    std::vector<Run> runs{run_plain(task, format), run_kahan(task, format)};
    if (task.accumulator.mantissa_bits > format.mantissa_bits)
      runs.push_back(run_wide(task, format));
    if (task.stop.stop_requested()) return roundoff_cancelled();
    for (const Run& run : runs)
      add_row(chart, {format.name, run.curve.label, run.last,
                      std::abs(run.last - exact) / std::abs(exact), run.steps_until_stall});
    const Run& plain = runs.front();
    if (stall.key.empty() && std::isfinite(plain.steps_until_stall) && std::isfinite(plain.last))
      stall = {roundoff_key("accumulation.stalls"),
               {{"format", format.name},
                {"stall", plain.last},
                {"steps", plain.steps_until_stall},
                {"length", static_cast<double>(settings.length)},
                {"exact", exact}}};
    const double error = std::abs(plain.last - exact) / std::abs(exact);
    if (!(error <= worst)) {
      worst = error;
      drift = {
          roundoff_key(std::isfinite(error) ? "accumulation.drifts" : "accumulation.ends"),
          {{"format", format.name}, {"result", plain.last}, {"exact", exact}, {"error", error}}};
    }
    for (Run& run : runs) chart.curves.push_back(std::move(run.curve));
  }
  chart.headline = stall.key.empty() ? drift : stall;
  return chart;
}

}  // namespace nanscope
