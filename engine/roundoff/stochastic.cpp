#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

constexpr int kRuns = 16;

/// Sums of the same addend, rounded stochastically, at the drawn steps.
struct StochasticRuns {
  std::vector<double> first;     ///< one run
  std::vector<double> mean;      ///< over kRuns
  std::vector<double> variance;  ///< of a run, from the probabilities of its roundings
};

/// The variance of rounding `exact`, p (1 - p) step^2 with p the place between its neighbours.
double rounding_variance(const NumberFormat& format, double exact) {
  constexpr std::uint64_t kExponent = std::uint64_t{0x7ff} << 52;
  const double magnitude = std::abs(exact);
  if (!(magnitude < format.largest)) return 0;
  const double normal = std::max(magnitude, format.smallest_normal);
  // The power of two at or below the number, times 2^-m.
  const double step =
      std::bit_cast<double>(std::bit_cast<std::uint64_t>(normal) & kExponent) * format.epsilon;
  const double above =
      magnitude - static_cast<double>(static_cast<std::int64_t>(magnitude / step)) * step;
  return above * (step - above);
}

/// Each rounding has mean 0 whatever came before, so the sum less its exact value is a martingale:
/// the variances of its steps add up.
StochasticRuns run_stochastically(const RoundoffTask& task, const NumberFormat& format,
                                  double start, double addend, const std::vector<int>& drawn) {
  StochasticRuns runs{{}, std::vector<double>(drawn.size()), std::vector<double>(drawn.size())};
  for (int run = 0; run < kRuns; ++run) {
    Rounder round(format, Rounding::stochastic, task.settings.overflow,
                  task.settings.seed * 1000003 + static_cast<std::uint64_t>(run));
    double sum = start, variance = 0;
    int step = 0;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
      for (; step < drawn[i]; ++step) {
        variance += rounding_variance(format, sum + addend);
        sum = round.add(sum, addend);
      }
      if (run == 0) runs.first.push_back(sum);
      runs.mean[i] += sum / kRuns;
      runs.variance[i] += variance / kRuns;
    }
  }
  return runs;
}

std::vector<double> to_nearest(const NumberFormat& format, double start, double addend,
                               const std::vector<int>& drawn) {
  Rounder round(format, Rounding::nearest_even, std::nullopt);
  std::vector<double> sums;
  double sum = start;
  int step = 0;
  for (const int until : drawn) {
    for (; step < until; ++step) sum = round.add(sum, addend);
    sums.push_back(sum);
  }
  return sums;
}

}  // namespace

Result<RoundoffChart> run_stochastic(const RoundoffTask& task) {
  RoundoffChart chart = empty_chart("stochastic", chart_axis("additions"), chart_axis("sum"));
  set_columns(chart,
              {{"format"}, {"nearest"}, {"stochastic_mean"}, {"standard_deviation"}, {"exact"}});
  const std::vector<int> drawn = drawn_steps(task.settings.length);
  const std::vector<double> x(drawn.begin(), drawn.end());
  for (const NumberFormat& format : task.formats) {
    if (task.stop.stop_requested()) return roundoff_cancelled();
    Rounder round(format, Rounding::nearest_even, task.settings.overflow);
    const double start = round(task.settings.start), addend = round(task.settings.addend);
    const double exact = start + addend * task.settings.length;
    const std::vector<double> nearest = to_nearest(format, start, addend, drawn);
    const StochasticRuns runs = run_stochastically(task, format, start, addend, drawn);
    ChartCurve low{format.name,
                   roundoff_key("deviation_low"),
                   Evidence::predicted,
                   "start + n b - sqrt(sum p (1-p) ulp^2)",
                   x,
                   {}};
    ChartCurve high{format.name,
                    roundoff_key("deviation_high"),
                    Evidence::predicted,
                    "start + n b + sqrt(sum p (1-p) ulp^2)",
                    x,
                    {}};
    for (std::size_t i = 0; i < x.size(); ++i) {
      low.y.push_back(start + addend * x[i] - std::sqrt(runs.variance[i]));
      high.y.push_back(start + addend * x[i] + std::sqrt(runs.variance[i]));
    }
    const double deviation = std::sqrt(runs.variance.back()), mean = runs.mean.back();
    const Evidence evidence = task.evidence(format);
    chart.curves.push_back({format.name, roundoff_key("nearest"), evidence, "", x, nearest});
    chart.curves.push_back(
        {format.name, roundoff_key("stochastic_run"), evidence, "", x, runs.first});
    chart.curves.push_back(
        {format.name, roundoff_key("stochastic_mean"), evidence, "", x, runs.mean});
    chart.curves.push_back(std::move(low));
    chart.curves.push_back(std::move(high));
    add_row(chart, {format.name, nearest.back(), mean, deviation, exact});
    if (chart.headline.key.empty())
      chart.headline = {roundoff_key("stochastic.goes_on"),
                        {{"format", format.name},
                         {"nearest", nearest.back()},
                         {"stochastic", mean},
                         {"deviation", deviation},
                         {"exact", exact}}};
  }
  return chart;
}

}  // namespace nanscope
