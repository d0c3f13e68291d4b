#include "ui/labs/signal/plots/variance_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/numbers/format.h"
#include "ui/labs/signal/plots/nonfinite.h"
#include "ui/text/text.h"

namespace nanscope {

std::string predicted_text(double value) {
  return std::isinf(value) ? text("plot.beyond_fp64") : number_text(value);
}

std::string ratio_text(double measured, double predicted) {
  return std::isinf(predicted) ? "-" : number_text(measured / predicted);
}

Quantiles::Quantiles(std::vector<double> sample) : sorted_(std::move(sample)) {
  for (double& value : sorted_)
    if (std::isnan(value)) value = INFINITY;
  std::ranges::sort(sorted_);
}

double Quantiles::at(double q) const {
  if (sorted_.empty()) return std::nan("");
  const double position = q * static_cast<double>(sorted_.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted_.size() - 1);
  const double t = position - static_cast<double>(below);
  // Without this, 0 * inf would make the quantile NaN.
  return t == 0 ? sorted_[below] : sorted_[below] * (1 - t) + sorted_[above] * t;
}

VariancePoints measured_points(const SignalSnapshot& snapshot, const VarianceCurve& curve) {
  VariancePoints points;
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i) {
    if (curve.seeds && i < curve.seeds->size()) {
      const Quantiles networks((*curve.seeds)[i]);
      points.push_back({log10_or_gap(networks.at(0.5)), log10_or_gap(networks.at(0.05)),
                        log10_or_gap(networks.at(0.95))});
    } else {
      const double value = log10_or_gap(snapshot.layers[i].of(curve.tensor).variance);
      points.push_back({value, value, value});
    }
  }
  return points;
}

std::vector<FormatLimit> format_limits(const SignalSnapshot& snapshot) {
  const NumberFormat* format = find_format(snapshot.activation_format);
  if (!format) return {};
  return {{2 * std::log10(format->largest), "limit.largest_squared"},
          {2 * std::log10(format->smallest_normal), "limit.smallest_normal_squared"}};
}

BandsDrawn bands_drawn(const SignalSnapshot& snapshot, const VariancePlot& plot) {
  std::size_t drawn = 0;
  for (const VarianceCurve& curve : plot.curves)
    drawn += static_cast<std::size_t>(std::ranges::count_if(
        snapshot.layers,
        [&](const LayerSignal& layer) { return !(layer.predicted.*curve.predicted).missing; }));
  if (drawn == 0) return BandsDrawn::none;
  return drawn == plot.curves.size() * snapshot.layers.size() ? BandsDrawn::all : BandsDrawn::some;
}

SnappedAxis variance_axis(const SignalSnapshot& snapshot, const VariancePlot& plot,
                          const std::vector<VariancePoints>& points) {
  Extent measured;
  Extent predicted;
  for (const VariancePoints& curve : points)
    for (const VariancePoint& point : curve)
      for (double value : {point.value, point.low, point.high}) measured.add(value);
  for (const VarianceCurve& curve : plot.curves) {
    for (const LayerSignal& layer : snapshot.layers)
      for (double value :
           {(layer.predicted.*curve.predicted).low, (layer.predicted.*curve.predicted).expected,
            (layer.predicted.*curve.predicted).high})
        predicted.add(log10_or_gap(value));
  }
  if (measured.empty() && predicted.empty()) return snap({-1, 1}, 2);
  const Limits core = measured.empty() ? predicted.limits() : measured.limits();
  // A prediction that leaves the measured range by far may leave the chart.
  const double reach = std::max(2.0, core.span() / 2);
  Extent all;
  all.add(core);
  if (!predicted.empty()) {
    all.add(std::clamp(predicted.limits().low, core.low - reach, core.high + reach));
    all.add(std::clamp(predicted.limits().high, core.low - reach, core.high + reach));
  }
  const auto trouble = find_trouble(snapshot, plot.tensors, plot.backward);
  if (trouble && plot.format_limits)
    for (const FormatLimit& limit : format_limits(snapshot)) {
      const bool near =
          limit.log10_square > core.low - reach && limit.log10_square < core.high + reach;
      const bool largest = limit.log10_square > 0;
      if (near && largest == (trouble->kind != Trouble::Kind::underflow))
        all.add(limit.log10_square);
    }
  // A little air, so that no curve runs along the frame.
  Limits limits = all.limits();
  const double air = std::max(0.1, limits.span() * 0.04);
  return snap({limits.low - air, limits.high + air}, 2);
}

}  // namespace nanscope
