#include "ui/labs/signal/plots/histogram_data.h"

#include <algorithm>
#include <cmath>

#include "engine/probes/summary.h"

namespace nanscope {
namespace {

/// Ranges of up to this many binades (fp16 and the eight-bit formats) are shown whole.
constexpr double kWholeRange = 64;
constexpr double kLeastBinades = 16;
constexpr double kMostBinades = 1100;  // to either side of 1: all that a double has

void add_occupied(Extent& extent, const Histogram& histogram) {
  for (int i = 0; i < static_cast<int>(histogram.positive.size()); ++i)
    if (histogram.positive[i] + histogram.negative[i] > 0) {
      extent.add(histogram.first_exponent + i);
      extent.add(histogram.first_exponent + i + 1);
    }
}

}  // namespace

std::vector<MagnitudeLimit> magnitude_limits(const NumberFormat& format) {
  return {{std::log2(format.largest), format.largest, "limit.largest"},
          {std::log2(format.smallest_normal), format.smallest_normal, "limit.smallest_normal"},
          {std::log2(format.smallest_subnormal), format.smallest_subnormal,
           "limit.smallest_subnormal"}};
}

HistogramAxis histogram_axis(const SignalSnapshot& snapshot, double row_share, PassesBeside beside,
                             const std::optional<Limits>& held) {
  Extent extent;
  for (const LayerSignal& layer : snapshot.layers) add_occupied(extent, layer.histogram);
  for (const SignalSnapshot* pass : beside)
    if (pass)
      for (const LayerSignal& layer : pass->layers) add_occupied(extent, layer.histogram);
  HistogramAxis axis;
  if (!extent.empty()) axis.taken = extent.limits();
  const NumberFormat* format = find_format(format_of(snapshot, snapshot.histogram_tensor));
  if (format) {
    const Limits range{std::log2(format->smallest_subnormal), std::log2(format->largest)};
    if (range.span() <= kWholeRange || extent.empty()) extent.add(range);
  }
  if (extent.empty()) extent.add(Limits{-16, 16});
  axis.binades = snap_binades(extent.limits(), kLeastBinades);
  if (held) {
    axis.binades.limits = {std::max(held->low, -kMostBinades), std::min(held->high, kMostBinades)};
    axis.binades.limits = drawable(axis.binades.limits);
    axis.binades.step = snap_binades(axis.binades.limits, kLeastBinades).step;
  }
  // Three rows and five gaps of a quarter row share the height with the binades.
  const double share = std::clamp(row_share, 0.02, 0.12);
  const double row = axis.binades.limits.span() * share / (1 - (3 + 5.0 / 4) * share);
  const double gap = row / 4;
  const auto [low, high] = axis.binades.limits;
  axis.rows = {{SpecialRow::Kind::zero, low - gap - row, low - gap},
               {SpecialRow::Kind::inf, high + gap, high + gap + row},
               {SpecialRow::Kind::nan, high + 2 * gap + row, high + 2 * (gap + row)}};
  axis.all = {low - 2 * gap - row, high + 3 * gap + 2 * row};
  return axis;
}

std::int64_t special_count(const Statistics& statistics, SpecialRow::Kind kind) {
  switch (kind) {
    case SpecialRow::Kind::zero:
      return statistics.zeros;
    case SpecialRow::Kind::inf:
      return statistics.infs();
    case SpecialRow::Kind::nan:
      break;
  }
  return statistics.nans;
}

std::int64_t binade_count(const Histogram& histogram, int exponent) {
  const int i = exponent - histogram.first_exponent;
  if (i < 0 || i >= static_cast<int>(histogram.positive.size())) return 0;
  return histogram.positive[i] + histogram.negative[i];
}

double heat_position(double share) {
  constexpr double kDecades = 4;
  return std::clamp(1 + std::log10(share) / kDecades, 0.0, 1.0);
}

}  // namespace nanscope
