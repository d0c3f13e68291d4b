#include "ui/plots/variance_data.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/numbers/format.h"
#include "ui/plots/nonfinite.h"

namespace nanscope {

double quantile(std::vector<double> sample, double q) {
  if (sample.empty()) return std::nan("");
  for (double& value : sample)
    if (std::isnan(value)) value = INFINITY;
  std::ranges::sort(sample);
  const double position = q * static_cast<double>(sample.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sample.size() - 1);
  const double t = position - static_cast<double>(below);
  // Without this, 0 * inf would make the quantile NaN.
  return t == 0 ? sample[below] : sample[below] * (1 - t) + sample[above] * t;
}

std::vector<VariancePoint> measured_points(const SignalSnapshot& snapshot,
                                           const VarianceCurve& curve) {
  std::vector<VariancePoint> points;
  for (std::size_t i = 0; i < snapshot.layers.size(); ++i) {
    if (curve.seeds && i < curve.seeds->size()) {
      const std::vector<double>& sample = (*curve.seeds)[i];
      points.push_back({log10_or_gap(quantile(sample, 0.5)), log10_or_gap(quantile(sample, 0.05)),
                        log10_or_gap(quantile(sample, 0.95))});
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

SnappedAxis variance_axis(const SignalSnapshot& snapshot, const VariancePlot& plot) {
  Extent measured;
  Extent predicted;
  std::vector<Tensor> tensors;
  for (const VarianceCurve& curve : plot.curves) {
    tensors.push_back(curve.tensor);
    for (const VariancePoint& point : measured_points(snapshot, curve))
      for (double value : {point.value, point.low, point.high}) measured.add(value);
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
  const auto trouble = find_trouble(snapshot, tensors, plot.backward);
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
