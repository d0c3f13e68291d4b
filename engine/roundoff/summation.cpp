#include <algorithm>
#include <array>
#include <cmath>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"
#include "engine/roundoff/sums.h"

namespace nanscope {
namespace {

/// A way to add terms up, with the bound on its error relative to their sum of magnitudes.
struct Order {
  std::string_view label;
  double (*sum)(std::vector<double> terms, Rounder& round);
  std::string_view formula;  ///< empty: the bound of the order before it
  double (*bound)(double n, double u);
};

const std::array<Order, 6> kOrders{{
    {"forward",
     [](std::vector<double> terms, Rounder& round) { return sum_in_order(terms, round); },
     "(n-1) u / (1 - (n-1) u)", [](double n, double u) { return gamma_bound(n - 1, u); }},
    {"backward",
     [](std::vector<double> terms, Rounder& round) {
       std::ranges::reverse(terms);
       return sum_in_order(terms, round);
     },
     "", nullptr},
    {"ascending",
     [](std::vector<double> terms, Rounder& round) {
       std::ranges::sort(terms);
       return sum_in_order(terms, round);
     },
     "", nullptr},
    {"descending",
     [](std::vector<double> terms, Rounder& round) {
       std::ranges::sort(terms, std::greater());
       return sum_in_order(terms, round);
     },
     "", nullptr},
    {"pairwise",
     [](std::vector<double> terms, Rounder& round) { return sum_pairwise(terms, round); },
     "k u / (1 - k u), k = ceil(log2 n)",
     [](double n, double u) { return gamma_bound(std::ceil(std::log2(n)), u); }},
    // The constant of the second-order term is not sharp: Higham (4.8) has O(n u^2).
    {"kahan", [](std::vector<double> terms, Rounder& round) { return sum_kahan(terms, round); },
     "2 u + O(n u^2)", [](double n, double u) { return 2 * u + 2 * n * u * u; }},
}};

/// Positive terms over several powers of two, so that their order matters: exp(N(0, 1.5^2)),
/// rounded to the format, so that only adding them makes errors.
std::vector<double> draw_terms(int count, RandomNumbers& random, Rounder& round) {
  std::vector<double> terms(static_cast<std::size_t>(count));
  for (double& term : terms) term = round(std::exp(1.5 * random.normal()));
  return terms;
}

/// Several draws of `count` terms; long sums are steady enough with fewer.
std::vector<std::vector<double>> draw_sets(int count, std::uint64_t seed, Rounder& round) {
  RandomNumbers random(seed);
  std::vector<std::vector<double>> sets;
  for (int draws = std::clamp(32768 / count, 1, 8); draws > 0; --draws)
    sets.push_back(draw_terms(count, random, round));
  return sets;
}

/// |error| / sum of magnitudes.
double error_of_sum(const Order& order, std::span<const double> terms, Rounder& round) {
  ExactSum exact;
  for (const double term : terms) exact.add(term);
  return std::abs(exact.minus(order.sum({terms.begin(), terms.end()}, round))) / exact.value();
}

/// The mean over the first `length` terms of each set.
double mean_error(const Order& order, const std::vector<std::vector<double>>& sets, int length,
                  Rounder& round) {
  double sum = 0;
  for (const std::vector<double>& terms : sets)
    sum += error_of_sum(order, std::span(terms).first(static_cast<std::size_t>(length)), round);
  return sum / static_cast<double>(sets.size());
}

ChartCurve bound_curve(const Order& order, const NumberFormat& format, double u,
                       const std::vector<int>& lengths) {
  ChartCurve bound = predicted_curve(format.name, order.label, std::string(order.formula));
  for (const int length : lengths) bound.add(length, order.bound(length, u));
  return bound;
}

}  // namespace

Result<RoundoffChart> run_summation(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("summation", chart_axis("terms", 2), chart_axis("relative_error", 10));
  set_columns(chart, {{"format"}, {"method"}, {"relative_error"}, {"bound"}});
  const int count = task.settings.length;
  const std::vector<int> lengths = doubling_lengths(count);
  for (const NumberFormat& format : task.formats) {
    Rounder round = task.rounder(format);
    const auto sets = draw_sets(count, task.settings.seed, round);
    double bound = 0, forward_error = 0;
    for (const Order& order : kOrders) {
      if (task.stop.stop_requested()) return roundoff_cancelled();
      ChartCurve curve = task.curve(format, order.label);
      for (const int length : lengths) curve.add(length, mean_error(order, sets, length, round));
      const double error = curve.y.back();
      chart.curves.push_back(std::move(curve));
      if (order.bound) {
        chart.curves.push_back(bound_curve(order, format, round.unit_roundoff(), lengths));
        bound = chart.curves.back().y.back();
      }
      add_row(chart, {format.name, roundoff_key(order.label), error, bound});
      if (order.label == "forward") forward_error = error;
      if (order.label == "pairwise" && chart.headline.key.empty())
        chart.headline = {roundoff_key("summation.orders"),
                          {{"format", format.name},
                           {"terms", static_cast<double>(count)},
                           {"forward_error", forward_error},
                           {"pairwise_error", error}}};
    }
  }
  return chart;
}

}  // namespace nanscope
