#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/numbers/format.h"
#include "ui/charts/axis.h"
#include "ui/labs/signal/plots/signal_plots.h"

// The numbers behind the histogram, without drawing. The unit of its axis is a binade: y = log2|x|.
namespace nanscope {

/// A row for values that have no magnitude on the axis.
struct SpecialRow {
  enum class Kind { zero, inf, nan } kind = Kind::zero;
  double low = 0;
  double high = 0;
};

struct HistogramAxis {
  SnappedAxis binades;           ///< what the magnitudes take
  Limits all;                    ///< with the special rows
  std::vector<SpecialRow> rows;  ///< zero below, inf and nan above
  std::optional<Limits> taken;   ///< the binades that hold values
};

/// The same tensor of another pass, drawn over the pass' own; null for none.
using PassesBeside = std::span<const SignalSnapshot* const>;

/// Small formats show their whole range, so that one sees the signal move in it; wide ones what is
/// occupied, by the passes beside, too. A special row takes the part `row_share` of the whole
/// height. `held`: the binades that the axis is locked to.
HistogramAxis histogram_axis(const SignalSnapshot& snapshot, double row_share,
                             PassesBeside beside = {}, const std::optional<Limits>& held = {});

/// Values of a special row in a layer.
std::int64_t special_count(const Statistics& statistics, SpecialRow::Kind kind);

/// Values of a layer with 2^exponent <= |x| < 2^(exponent+1).
std::int64_t binade_count(const Histogram& histogram, int exponent);

/// Where a share stands on the colour scale, which is logarithmic from 0.01 % to 100 %: 0..1.
double heat_position(double share);

/// A limit of the tensor's number format: log2 of it and the key of its label.
struct MagnitudeLimit {
  double log2 = 0;
  double value = 0;
  const char* key = "";
};
std::vector<MagnitudeLimit> magnitude_limits(const NumberFormat& format);

}  // namespace nanscope
