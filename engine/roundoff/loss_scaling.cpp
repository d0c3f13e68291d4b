#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/roundoff/chart_parts.h"
#include "engine/roundoff/experiments.h"

namespace nanscope {
namespace {

// Gradients: log2 |g| ~ N(log2 value, 5^2), which is as wide as those of deep networks are
// (Micikevicius et al., "Mixed precision training", 2018, figure 3: some 40 binades).
constexpr double kSpread = 5;
constexpr int kGradients = 16384;
// Powers of two that the scale runs over.
constexpr int kLowestScale = -8;
constexpr int kHighestScale = 40;
constexpr int kScaleStep = 2;

std::vector<double> draw_gradients(double median, std::uint64_t seed) {
  RandomNumbers random(seed);
  std::vector<double> gradients(kGradients);
  for (double& gradient : gradients) gradient = median * std::exp2(kSpread * random.normal());
  return gradients;
}

/// Shares of the gradients that a format loses.
struct Lost {
  double underflow = 0;  ///< became 0
  double overflow = 0;   ///< became infinity or NaN, or were cut at the largest number
  double both() const { return underflow + overflow; }
};

/// Where values stop rounding to the largest finite number.
double overflow_edge(const NumberFormat& format) {
  return format.largest + std::ldexp(format.epsilon, std::ilogb(format.largest)) / 2;
}

Lost lost_share(const std::vector<double>& gradients, double scale, Rounder& round) {
  const double edge = overflow_edge(round.format());
  double zeros = 0, beyond = 0;
  for (const double gradient : gradients) {
    const double scaled = gradient * scale;
    const double rounded = round(scaled);
    zeros += rounded == 0;
    beyond += !std::isfinite(rounded) || scaled >= edge;
  }
  return {zeros / kGradients, beyond / kGradients};
}

double normal_share_below(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

/// The same from the distribution, to nearest: half the smallest subnormal becomes 0.
Lost predicted_share(const NumberFormat& format, double median, double scale) {
  const auto deviations = [&](double edge) {
    return (std::log2(edge) - std::log2(scale) - std::log2(median)) / kSpread;
  };
  return {normal_share_below(deviations(format.smallest_subnormal / 2)),
          normal_share_below(-deviations(overflow_edge(format)))};
}

ChartBars histogram(const std::vector<double>& gradients, double scale, std::string_view label) {
  constexpr int kLowestEdge = -60, kHighestEdge = 60;
  ChartBars bars{"", roundoff_key(label), Evidence::measured, {}, {}};
  for (int edge = kLowestEdge; edge <= kHighestEdge; ++edge) bars.edges.push_back(std::exp2(edge));
  bars.shares.resize(kHighestEdge - kLowestEdge);
  for (const double gradient : gradients) {
    const int bin =
        std::clamp(std::ilogb(gradient * scale), kLowestEdge, kHighestEdge - 1) - kLowestEdge;
    bars.shares[static_cast<std::size_t>(bin)] += 1.0 / kGradients;
  }
  return bars;
}

void add_format(RoundoffChart& chart, const RoundoffTask& task, const NumberFormat& format,
                const std::vector<double>& gradients) {
  Rounder round = task.rounder(format);
  ChartCurve lost = task.curve(format, "lost");
  ChartCurve predicted =
      predicted_curve(format.name, "lost", "P(|g| S <= smallest/2) + P(|g| S >= largest + ulp/2)");
  for (int exponent = kLowestScale; exponent <= kHighestScale; exponent += kScaleStep) {
    const double scale = std::exp2(exponent);
    lost.add(scale, lost_share(gradients, scale, round).both());
    predicted.add(scale, predicted_share(format, task.settings.value, scale).both());
  }
  const auto best = std::ranges::min_element(predicted.y) - predicted.y.begin();
  const double best_scale = predicted.x[static_cast<std::size_t>(best)];
  const Lost unscaled = lost_share(gradients, 1, round);
  const Lost scaled = lost_share(gradients, task.settings.scale, round);
  add_row(chart, {format.name, unscaled.underflow, unscaled.overflow, scaled.underflow,
                  scaled.overflow, best_scale});
  if (chart.headline.key.empty())
    chart.headline = {
        roundoff_key(scaled.both() < unscaled.both() ? "loss_scaling.helps" : "loss_scaling.harms"),
        {{"format", format.name},
         {"scale", task.settings.scale},
         {"lost_unscaled", unscaled.both()},
         {"underflow", scaled.underflow},
         {"overflow", scaled.overflow},
         {"best_scale", best_scale}}};
  chart.curves.push_back(std::move(lost));
  const bool nearest = task.settings.rounding == Rounding::nearest_even;
  if (nearest) chart.curves.push_back(std::move(predicted));
  const auto limit = ChartMark::Axis::histogram_x;
  chart.marks.push_back(
      {limit, format.smallest_subnormal, format.name, roundoff_key("smallest_subnormal")});
  chart.marks.push_back({limit, format.largest, format.name, roundoff_key("largest")});
}

}  // namespace

Result<RoundoffChart> run_loss_scaling(const RoundoffTask& task) {
  RoundoffChart chart =
      empty_chart("loss_scaling", chart_axis("scale", 2), chart_axis("lost_share", 0, "share"));
  set_columns(chart, {{"format"},
                      {"underflow_unscaled", "share"},
                      {"overflow_unscaled", "share"},
                      {"underflow", "share"},
                      {"overflow", "share"},
                      {"best_scale"}});
  const std::vector<double> gradients = draw_gradients(task.settings.value, task.settings.seed);
  for (const NumberFormat& format : task.formats) {
    if (task.stop.stop_requested()) return roundoff_cancelled();
    add_format(chart, task, format, gradients);
  }
  chart.marks.push_back({ChartMark::Axis::x, task.settings.scale, "", roundoff_key("scale")});
  chart.histogram_x = chart_axis("gradient", 2);
  chart.histograms = {histogram(gradients, 1, "gradients"),
                      histogram(gradients, task.settings.scale, "scaled_gradients")};
  chart.source = roundoff_key("source.gradients");
  return chart;
}

}  // namespace nanscope
