#include "engine/theory/layer_law.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/theory/activation_function.h"
#include "engine/theory/gaussian.h"

namespace nanscope {
namespace {

/// E[f], E[f^2] and the second Hermite coefficient of f = act^2 or act'^2.
struct SquareMoments {
  double mean = 0, square = 0, hermite = 0;
  void add(double weight, double t, double f) {
    mean += weight * f;
    square += weight * f * f;
    hermite += weight * f * (t * t - 1) / std::numbers::sqrt2;
  }
};

LayerLaw law_at(Activation activation, int units, double conserved, double sigma,
                GaussianNodes& nodes) {
  fill_smooth_nodes(sigma, nodes);
  SquareMoments value, slope;
  double mean = 0, both = 0, radial = 0, aligned = 0;
  for (std::size_t k = 0; k < nodes.t.size(); ++k) {
    const ValueAndSlope act = evaluate(activation, sigma * nodes.t[k]);
    const double weight = nodes.weight[k];
    const double value_square = act.value * act.value, slope_square = act.slope * act.slope;
    mean += weight * act.value;
    value.add(weight, nodes.t[k], value_square);
    slope.add(weight, nodes.t[k], slope_square);
    both += weight * value_square * slope_square;
    radial += weight * slope_square * nodes.t[k] * nodes.t[k];
    aligned += weight * act.slope * act.value * nodes.t[k];
  }
  // Relative covariance of two means over the units. A conserved mean of z^2 takes the second
  // Hermite order off.
  const auto covariance = [&](double product, const SquareMoments& f, const SquareMoments& g) {
    const double kept = conserved * f.hermite * g.hermite;
    return ((product - kept) / (f.mean * g.mean) - 1) / units;
  };
  // As variances of log-normal factors. 3: E[g^4].
  const double forward = std::log1p(std::max(0.0, covariance(value.square, value, value)));
  const double backward = std::log1p(3 * std::max(0.0, covariance(slope.square, slope, slope)));
  const double deviation = std::sqrt(forward), spread = std::sqrt(backward);
  const double along =
      std::clamp(deviation > 0 ? covariance(both, value, slope) / deviation : 0, -spread, spread);
  aligned = aligned * aligned / (value.mean * slope.mean);
  const auto narrow = [](double x) { return static_cast<float>(x); };
  return {.gain = narrow(std::log(value.mean / (sigma * sigma)) - 0.5 * forward),
          .deviation = narrow(deviation),
          .mean = narrow(mean / std::sqrt(value.mean)),
          .slope = narrow(std::log(slope.mean) - 0.5 * backward),
          .along = narrow(along),
          .rest = narrow(std::sqrt(backward - along * along)),
          .radial_gain = narrow(radial / slope.mean - aligned),
          .aligned = narrow(aligned),
          .along_slope = narrow((both / (value.mean * slope.mean) - 1) / units)};
}

}  // namespace

LayerLawTable::LayerLawTable(Activation activation, int units, double conserved) {
  GaussianNodes nodes;
  laws_.reserve(kSize);
  for (int i = 0; i < kSize; ++i)
    laws_.push_back(law_at(activation, units, conserved,
                           std::exp(0.5 * (double{kLow} + i * double{kStep})), nodes));
}

}  // namespace nanscope
