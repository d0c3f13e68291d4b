#include <algorithm>
#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"
#include "engine/roundoff/sums.h"

namespace nanscope {
namespace {

constexpr int kRows = 8;
constexpr int kColumns = 8;

// The root mean square of a rounding error relative to the number, over u: the error is uniform in
// +-u 2^e, the number's digits are spread as 1/m over [1, 2): sqrt(1/3 * 3/(8 ln 2)).
const double kTypicalRounding = std::sqrt(1 / (8 * std::log(2.0)));

/// What the errors of a product C = A B, (M,K)x(K,N), are made of, as ratios.
struct ProductErrors {
  double total = 0;     ///< |C computed - C|_F / |C|_F, rounding of the inputs included
  double to_bound = 0;  ///< largest |error of the sums| / (gamma_K |A||B|) of any element: up to 1
};

/// A (M,K) and B (K,N) ~ N(0,1), as activations and weights scaled into the format's range.
struct Inputs {
  std::vector<double> a;  ///< (M, K)
  std::vector<double> b;  ///< (N, K): columns of B
};

Inputs draw_inputs(int inner, std::uint64_t seed) {
  RandomNumbers random(seed);
  Inputs inputs{std::vector<double>(static_cast<std::size_t>(kRows * inner)),
                std::vector<double>(static_cast<std::size_t>(kColumns * inner))};
  for (double& value : inputs.a) value = random.normal();
  for (double& value : inputs.b) value = random.normal();
  return inputs;
}

ProductErrors measure(const RoundoffTask& task, const Inputs& exact, const NumberFormat& format,
                      const NumberFormat& accumulator, int inner) {
  Rounder round = task.rounder(format), accumulate = task.rounder(accumulator, 1);
  Inputs rounded = exact;
  for (double& value : rounded.a) value = round(value);
  for (double& value : rounded.b) value = round(value);
  const double gamma = gamma_bound(inner, accumulate.unit_roundoff());
  ProductErrors errors;
  double square_error = 0, square = 0;
  for (int row = 0; row < kRows; ++row)
    for (int column = 0; column < kColumns; ++column) {
      const std::size_t at_a = static_cast<std::size_t>(row) * inner;
      const std::size_t at_b = static_cast<std::size_t>(column) * inner;
      double sum = 0, magnitudes = 0, of_exact = 0, of_rounded = 0;
      for (std::size_t k = 0; k < static_cast<std::size_t>(inner); ++k) {
        const double a = rounded.a[at_a + k], b = rounded.b[at_b + k];
        sum = accumulate.add(sum, accumulate.multiply(a, b));
        of_rounded += a * b;
        magnitudes += std::abs(a * b);
        of_exact += exact.a[at_a + k] * exact.b[at_b + k];
      }
      square_error += (sum - of_exact) * (sum - of_exact);
      square += of_exact * of_exact;
      errors.to_bound =
          std::max(errors.to_bound, std::abs(sum - of_rounded) / (gamma * magnitudes));
    }
  errors.total = std::sqrt(square_error / square);
  return errors;
}

/// Independent errors of typical size add up: the two inputs of a product give 2; a narrow
/// accumulator also rounds the product, and K partial sums whose squares grow like 1..K of K.
double predicted_error(bool narrow, double inner, double u) {
  return kTypicalRounding * u * std::sqrt(narrow ? 3 + inner / 2 : 2);
}

/// Inputs in one format, summed in another: two curves, a row, and the error at full length.
Result<double> add_product(RoundoffChart& chart, const RoundoffTask& task,
                           const std::vector<Inputs>& inputs, const NumberFormat& format,
                           bool narrow) {
  const NumberFormat& accumulator = narrow ? format : task.accumulator;
  const std::vector<int> sizes = doubling_lengths(task.settings.length);
  const double u = task.rounder(format).unit_roundoff();
  const char* label = narrow ? "narrow_accumulator" : "accumulator";
  ChartCurve curve = task.curve(format, label);
  ChartCurve predicted =
      predicted_curve(format.name, label, narrow ? "0.42 u sqrt(3 + K/2)" : "0.42 u sqrt(2)");
  ProductErrors errors;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (task.stop.stop_requested()) return roundoff_cancelled();
    errors = measure(task, inputs[i], format, accumulator, sizes[i]);
    curve.add(sizes[i], errors.total);
    predicted.add(sizes[i], predicted_error(narrow, sizes[i], u));
  }
  add_row(chart,
          {format.name, accumulator.name, errors.total, predicted.y.back(), errors.to_bound});
  chart.curves.push_back(std::move(curve));
  chart.curves.push_back(std::move(predicted));
  return errors.total;
}

}  // namespace

Result<RoundoffChart> run_matmul(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("matmul", chart_axis("inner_size", 2), chart_axis("relative_error", 10));
  set_columns(chart,
              {{"format"}, {"accumulator"}, {"total_error"}, {"predicted_error"}, {"of_bound"}});
  std::vector<Inputs> inputs;
  for (const int inner : doubling_lengths(task.settings.length))
    inputs.push_back(draw_inputs(inner, task.settings.seed));
  for (const NumberFormat& format : task.formats) {
    const bool has_wide = task.accumulator.mantissa_bits > format.mantissa_bits;
    const auto wide = has_wide ? add_product(chart, task, inputs, format, false) : 0;
    if (!wide) return tl::unexpected(wide.error());
    const auto narrow = add_product(chart, task, inputs, format, true);
    if (!narrow) return tl::unexpected(narrow.error());
    if (chart.headline.key.empty())
      chart.headline = {roundoff_key(has_wide ? "matmul.accumulators" : "matmul.one"),
                        {{"format", format.name},
                         {"accumulator", task.accumulator.name},
                         {"inner_size", static_cast<double>(task.settings.length)},
                         {"narrow_error", *narrow},
                         {"wide_error", *wide}}};
  }
  return chart;
}

}  // namespace nanscope
