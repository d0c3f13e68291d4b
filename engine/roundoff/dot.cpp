#include <algorithm>
#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"
#include "engine/roundoff/sums.h"

namespace nanscope {
namespace {

/// Mean square errors of dot products of x and y ~ U(0,1), at several lengths: numbers of one sign,
/// as behind a ReLU, whose sum grows away from its terms. (With mean 0 the sum grows like sqrt(n)
/// only, and so do its roundings.) All relative to sum |x_i y_i|.
struct DotErrors {
  std::vector<double> of_inputs;       ///< of rounding x and y alone
  std::vector<double> of_accumulator;  ///< of the sums alone, against the same rounded inputs
};

constexpr int kDraws = 8;

/// Products and sums are rounded to the accumulator one by one: n roundings meet a term at most.
DotErrors measure(const RoundoffTask& task, const NumberFormat& inputs,
                  const NumberFormat& accumulator, const std::vector<int>& lengths) {
  Rounder round = task.rounder(inputs), accumulate = task.rounder(accumulator, 1);
  RandomNumbers random(task.settings.seed);
  DotErrors errors{std::vector<double>(lengths.size()), std::vector<double>(lengths.size())};
  for (int draw = 0; draw < kDraws; ++draw) {
    double sum = 0;
    ExactSum exact, of_rounded;
    std::size_t next = 0;
    for (int i = 1; next < lengths.size(); ++i) {
      const double x = random.uniform(), y = random.uniform();
      const double rounded_x = round(x), rounded_y = round(y);
      sum = accumulate.add(sum, accumulate.multiply(rounded_x, rounded_y));
      exact.add_product(x, y);
      of_rounded.add_product(rounded_x, rounded_y);
      if (i != lengths[next]) continue;
      const double inputs_error = of_rounded.minus(exact.value()) / exact.value();
      const double sum_error = of_rounded.minus(sum) / of_rounded.value();
      errors.of_inputs[next] += inputs_error * inputs_error / kDraws;
      errors.of_accumulator[next] += sum_error * sum_error / kDraws;
      ++next;
    }
  }
  return errors;
}

/// The certain bound gamma_n and the one that holds with high probability while rounding errors
/// have mean 0, sqrt(n) u (Higham and Mary, 2019); a sum that stalls leaves it.
void add_bounds(RoundoffChart& chart, const NumberFormat& accumulator, double u,
                const std::vector<int>& lengths) {
  ChartCurve certain = predicted_curve(accumulator.name, "bound", "n u / (1 - n u)");
  ChartCurve probable = predicted_curve(accumulator.name, "probable_bound", "sqrt(n) u");
  for (const int length : lengths) {
    certain.add(length, gamma_bound(length, u));
    probable.add(length, std::sqrt(length) * u);
  }
  chart.curves.push_back(std::move(certain));
  chart.curves.push_back(std::move(probable));
}

/// Inputs in one format, summed in another: a curve, a row, and the error at full length.
double add_product(RoundoffChart& chart, const RoundoffTask& task, const NumberFormat& inputs,
                   const NumberFormat& accumulator, std::string_view label) {
  const std::vector<int> lengths = doubling_lengths(task.settings.length);
  const DotErrors errors = measure(task, inputs, accumulator, lengths);
  ChartCurve curve = task.curve(inputs, label);
  for (std::size_t i = 0; i < lengths.size(); ++i)
    curve.add(lengths[i], std::sqrt(errors.of_accumulator[i]));
  const double error = curve.y.back(), n = task.settings.length;
  const double u = task.rounder(accumulator).unit_roundoff();
  add_row(chart, {inputs.name, accumulator.name, std::sqrt(errors.of_inputs.back()), error,
                  gamma_bound(n, u), std::sqrt(n) * u});
  chart.curves.push_back(std::move(curve));
  const auto has_bounds = [&](const ChartCurve& other) {
    return other.format == accumulator.name && other.evidence == Evidence::predicted;
  };
  if (std::ranges::none_of(chart.curves, has_bounds)) add_bounds(chart, accumulator, u, lengths);
  return error;
}

}  // namespace

Result<RoundoffChart> run_dot(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("dot", chart_axis("terms", 2), chart_axis("relative_error", 10));
  set_columns(chart, {{"format"},
                      {"accumulator"},
                      {"input_error"},
                      {"accumulation_error"},
                      {"bound"},
                      {"probable_bound"}});
  for (const NumberFormat& format : task.formats) {
    if (task.stop.stop_requested()) return roundoff_cancelled();
    const bool has_wide = task.accumulator.mantissa_bits > format.mantissa_bits;
    const double wide_error =
        has_wide ? add_product(chart, task, format, task.accumulator, "accumulator") : 0;
    const double narrow_error = add_product(chart, task, format, format, "narrow_accumulator");
    if (chart.headline.key.empty())
      chart.headline = {roundoff_key(has_wide ? "dot.accumulators" : "dot.one"),
                        {{"format", format.name},
                         {"accumulator", task.accumulator.name},
                         {"terms", static_cast<double>(task.settings.length)},
                         {"narrow_error", narrow_error},
                         {"wide_error", wide_error}}};
  }
  return chart;
}

}  // namespace nanscope
