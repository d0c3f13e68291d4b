#pragma once

#include <span>
#include <string>
#include <vector>

#include "imgui.h"

// Limits and ticks of the charts' axes. Logarithmic quantities are drawn as their logarithm on a
// linear axis with ticks at the powers, so that zeros and infinities have no place on it: at its
// edges they would look like data.
namespace nanscope {

struct Limits {
  double low = 0;
  double high = 1;
  double span() const { return high - low; }
  bool operator==(const Limits&) const = default;
};

/// The interval widened until values in it have places that differ: equal or nearly equal ends and
/// ends that are not finite would leave none.
Limits drawable(Limits limits);

/// Collects finite values into an interval.
class Extent {
 public:
  void add(double value);
  void add(const Limits& limits) { add(limits.low), add(limits.high); }
  bool empty() const { return low_ > high_; }
  Limits limits() const { return {low_, high_}; }

 private:
  double low_ = 1.0 / 0.0;
  double high_ = -1.0 / 0.0;
};

/// Ticks of an axis: where, and what they read.
struct Ticks {
  std::vector<double> at;
  std::vector<std::string> labels;
};

/// Whole-number limits around `extent`, snapped to `step_for` their span, so that they stand still
/// while the data moves a little.
struct SnappedAxis {
  Limits limits;
  double step = 1;
};
/// Snaps to one of the steps 1, 2, 5, 10, 20, ... such that at most `divisions` fit. The span is at
/// least `smallest_span`.
SnappedAxis snap(const Limits& extent, double smallest_span, int divisions = 6);
/// The same for binades, with the steps 1, 2, 4, 8, ...
SnappedAxis snap_binades(const Limits& extent, double smallest_span, int divisions = 8);

/// Ticks at the multiples of the step, or of a larger one where at most `most` have room, labelled
/// base^k: "10\u207B\u2076".
Ticks power_ticks(const SnappedAxis& axis, int base, const ImFont* font, double most);

/// Ticks at the multiples of a step within the limits, labelled with their value and `suffix`.
Ticks plain_ticks(const Limits& limits, double step, const std::string& suffix);

/// 1, 2 or 5 times a power of ten, so that at most `most` of them make up the span.
double round_step(double span, double most);

/// Ticks at the multiples of a step within the limits of a linear axis, in as many digits as tell
/// one from the next. `percent`: values are shares and read as per cent.
Ticks value_ticks(const Limits& limits, double step, bool percent);

/// Ticks at round values within limits, at most about `most`. `log_base`: the limits are
/// logarithms, whose ticks are powers, or where these are too far apart values between them.
Ticks round_ticks(const Limits& limits, int log_base, double most, const ImFont* font,
                  bool percent);

/// The ticks that keep a distance from those before them in the list, in the axis' units.
Ticks without_crowding(const Ticks& ticks, double distance);

/// log10 of a variance, NaN (a gap) for what has none: zero, negative, infinite, NaN.
double log10_or_gap(double value);

}  // namespace nanscope
