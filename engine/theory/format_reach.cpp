#include "engine/theory/format_reach.h"

#include <cmath>

#include "engine/precision/precision.h"

namespace nanscope {
namespace {

/// Values this many times as large as the rms are too few to matter, in products of many layers.
constexpr Wide kPeak = 16;
/// An rms of so many steps of the smallest numbers is 0.1 % finer than the tensor's variance.
constexpr Wide kSteps = 16;
/// Deviations of log(square) for which a network may be out of the ordinary.
constexpr double kDeviations = 3;
/// Statistics square in double.
constexpr Wide kLargestSquare = 1e290L;

/// Where values become coarse: kernels may flush the subnormals of fp32's range to zero.
Wide smallest_step(const NumberFormat& format) {
  return format.exponent_bits < 8 ? format.smallest_subnormal : format.smallest_normal;
}

/// Values of this mean square, whose logarithm varies with the standard deviation `spread`.
bool fits(const NumberFormat& format, Wide square, double spread) {
  const Wide factor = std::exp(Wide{kDeviations * spread});
  const Wide high = square * factor * kPeak * kPeak, low = square / factor;
  const Wide largest = Wide{format.largest} * format.largest;
  const Wide step = kSteps * smallest_step(format);
  return high < std::min(largest, kLargestSquare) &&
         low > std::max(step * step, 1 / kLargestSquare);
}

/// What one rounding adds to the mean square of values, relative to it: x (1 + e), where e is
/// uniform within +-2^-(bits + 1) at the lower end of a binade and half of that at the upper one.
double rounding_square(const NumberFormat& format) { return format.epsilon * format.epsilon / 24; }

class FormatWalk {
 public:
  FormatWalk(const NetworkSpec& network, const std::vector<LayerMap>& layers,
             const std::vector<GradientMoments>& gradients, const std::vector<LayerSpread>& spreads)
      : row_(*precision_row(network.precision, Execution::automatic, false)),
        layers_(layers),
        gradients_(gradients),
        spreads_(spreads) {}

  FormatReach reach() {
    go_forward();
    go_backward();
    return std::move(reach_);
  }

 private:
  void go_forward() {
    double sum = 0;
    bool within = fits(*row_.elementwise, layers_.front().input.second(), 0);
    reach_.forward_rounding.resize(layers_.size());
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const LayerMap& layer = layers_[i];
      within = within && forward_fits(layer, spreads_[i].forward);
      if (within) reach_.forward = i + 1;
      // Of W, of u, of z, and of h', whose variance may be a small part of its square.
      sum +=
          3 * rounding_square(*row_.linear_input) +
          rounding_square(*row_.elementwise) * ratio(layer.output.second(), layer.output.variance);
      reach_.forward_rounding[i] = sum;
    }
  }

  void go_backward() {
    reach_.backward = layers_.size();
    reach_.backward_rounding.resize(layers_.size());
    double sum = reach_.forward_rounding.back();
    bool within = reach_.forward == layers_.size();
    for (std::size_t i = layers_.size(); i-- > 0;) {
      within = within && backward_fits(i);
      if (within) reach_.backward = i;
      sum += 4 * rounding_square(*row_.linear_input);
      reach_.backward_rounding[i] = sum;
    }
  }

  bool forward_fits(const LayerMap& layer, double spread) const {
    if (!fits(*row_.weight, layer.weight_variance, 0) ||
        !fits(*row_.linear_input, layer.weight_variance, 0))
      return false;
    // A norm sums squares in the format of sums.
    if (layer.norm != Norm::none &&
        !(layer.input.second() * layer.fan_in * kPeak * kPeak < row_.accumulate->largest))
      return false;
    return fits(*row_.linear_output, layer.preactivation_variance, spread) &&
           fits(*row_.elementwise, layer.output.second(), spread);
  }

  bool backward_fits(std::size_t i) const {
    const LayerMap& layer = layers_[i];
    const Wide delta = gradients_[i].delta;
    return fits(*row_.elementwise, gradients_[i].gradient, spreads_[i].backward) &&
           fits(*row_.linear_input, delta, spreads_[i].backward) &&
           fits(*row_.weight_grad, delta * layer.normed.second(), spreads_[i].backward);
  }

  PrecisionRow row_;
  const std::vector<LayerMap>& layers_;
  const std::vector<GradientMoments>& gradients_;
  const std::vector<LayerSpread>& spreads_;
  FormatReach reach_;
};

}  // namespace

FormatReach format_reach(const NetworkSpec& network, const std::vector<LayerMap>& layers,
                         const std::vector<GradientMoments>& gradients,
                         const std::vector<LayerSpread>& spreads) {
  return FormatWalk(network, layers, gradients, spreads).reach();
}

}  // namespace nanscope
