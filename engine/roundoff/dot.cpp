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

std::vector<double> roots(std::vector<double> squares) {
  for (double& square : squares) square = std::sqrt(square);
  return squares;
}

/// A function of the length, as a curve.
template <class Bound>
ChartCurve bound_curve(const NumberFormat& format, std::string_view label, std::string formula,
                       const std::vector<int>& lengths, const Bound& bound) {
  ChartCurve curve{format.name,
                   roundoff_key(label),
                   Evidence::predicted,
                   std::move(formula),
                   {lengths.begin(), lengths.end()},
                   {}};
  for (const int length : lengths) curve.y.push_back(bound(length));
  return curve;
}

/// The certain bound gamma_n and the one that holds with high probability while rounding errors
/// have mean 0, sqrt(n) u (Higham and Mary, 2019); a sum that stalls leaves it.
void add_bounds(RoundoffChart& chart, const NumberFormat& accumulator, double u,
                const std::vector<int>& lengths) {
  chart.curves.push_back(bound_curve(accumulator, "bound", "n u / (1 - n u)", lengths,
                                     [u](double n) { return gamma_bound(n, u); }));
  chart.curves.push_back(bound_curve(accumulator, "probable_bound", "sqrt(n) u", lengths,
                                     [u](double n) { return std::sqrt(n) * u; }));
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
  const std::vector<int> lengths = doubling_lengths(task.settings.length);
  const std::vector<double> x(lengths.begin(), lengths.end());
  const NumberFormat& wide = task.accumulator;
  for (const NumberFormat& format : task.formats) {
    double wide_error = 0;
    const bool has_wide = wide.mantissa_bits > format.mantissa_bits;
    for (const bool narrow : {false, true}) {
      if (!narrow && !has_wide) continue;
      const NumberFormat& accumulator = narrow ? format : wide;
      if (task.stop.stop_requested()) return roundoff_cancelled();
      const DotErrors errors = measure(task, format, accumulator, lengths);
      ChartCurve curve{format.name,
                       roundoff_key(narrow ? "narrow_accumulator" : "accumulator"),
                       task.evidence(format),
                       "",
                       x,
                       roots(errors.of_accumulator)};
      const double u = task.rounder(accumulator).unit_roundoff();
      const double error = curve.y.back(), n = task.settings.length;
      add_row(chart, {format.name, accumulator.name, std::sqrt(errors.of_inputs.back()), error,
                      gamma_bound(n, u), std::sqrt(n) * u});
      chart.curves.push_back(std::move(curve));
      if (!narrow) wide_error = error;
      if (!narrow) continue;
      add_bounds(chart, accumulator, u, lengths);
      if (chart.headline.key.empty())
        chart.headline = {roundoff_key(has_wide ? "dot.accumulators" : "dot.one"),
                          {{"format", format.name},
                           {"accumulator", wide.name},
                           {"terms", n},
                           {"narrow_error", error},
                           {"wide_error", wide_error}}};
    }
  }
  return chart;
}

}  // namespace nanscope
