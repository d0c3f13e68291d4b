#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/labs/signal/plots/variance_plot.h"

// The numbers behind a variance plot, without drawing.
namespace nanscope {

/// What is drawn for one layer: log10 of the variance, NaN for a gap. Over several networks `value`
/// is their median, `low` and `high` their 5 % and 95 % quantiles.
struct VariancePoint {
  double value = 0;
  double low = 0;
  double high = 0;
};

using VariancePoints = std::vector<VariancePoint>;

/// One point a layer.
VariancePoints measured_points(const SignalSnapshot& snapshot, const VarianceCurve& curve);

/// A number that a formula gives: where that is beyond the largest one of fp64, in which formulas
/// are computed, it says so instead of an infinity, which would look measured.
std::string predicted_text(double value);
/// Measured by predicted; "-" where the prediction is no finite number.
std::string ratio_text(double measured, double predicted);

/// The quantiles of a sample, interpolated linearly; infinities and NaN count as the largest.
class Quantiles {
 public:
  explicit Quantiles(std::vector<double> sample);
  double at(double q) const;

 private:
  std::vector<double> sorted_;
};

/// A horizontal line: log10 of a squared limit of the activations' format.
struct FormatLimit {
  double log10_square = 0;
  const char* key = "";  ///< of its label
};
std::vector<FormatLimit> format_limits(const SignalSnapshot& snapshot);

/// In how many of the layers the curves' predictions have a band.
enum class BandsDrawn { none, some, all };
BandsDrawn bands_drawn(const SignalSnapshot& snapshot, const VariancePlot& plot);

/// The decades to show: everything measured, theory as far as it stays near, and a format's limit
/// where the pass runs into it.
SnappedAxis variance_axis(const SignalSnapshot& snapshot, const VariancePlot& plot,
                          const std::vector<VariancePoints>& measured);

}  // namespace nanscope
