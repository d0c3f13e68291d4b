#include "engine/theory/layer_moments.h"

#include <algorithm>
#include <numbers>

#include "engine/theory/activation_function.h"

namespace nanscope {
namespace {

constexpr double kSmallestSigma = 1e-8;
constexpr double kLargestSigma = 1e6;

/// act(z) = z for z > 0 and a z otherwise: E[act^2] = (1 + a^2) sigma^2 / 2 (He et al. 2015),
/// E[act] = (1 - a) sigma / sqrt(2 pi).
LayerMoments homogeneous_moments(Activation activation, Wide sigma) {
  const double slope = evaluate(activation, -1).slope;
  LayerMoments moments;
  moments.mean = (1 - slope) * sigma / std::sqrt(2 * std::numbers::pi);
  moments.slope_square = 0.5 * (1 + slope * slope);
  moments.variance = moments.slope_square * sigma * sigma - moments.mean * moments.mean;
  return moments;
}

}  // namespace

LayerMoments layer_moments(Activation activation, Wide sigma, const GaussianQuadrature& quadrature,
                           GaussianNodes& nodes) {
  if (is_homogeneous(activation)) return homogeneous_moments(activation, sigma);
  const double clipped =
      std::clamp(to_double(std::min<Wide>(sigma, 1e300L)), kSmallestSigma, kLargestSigma);
  quadrature.fill(clipped, nodes);
  double mean = 0, square = 0, slope_square = 0, radial = 0;
  for (std::size_t k = 0; k < nodes.t.size(); ++k) {
    const double t = nodes.t[k], weight = nodes.weight[k];
    const ValueAndSlope act = evaluate(activation, clipped * t);
    const double value = act.value / clipped;
    mean += weight * value;
    square += weight * value * value;
    slope_square += weight * act.slope * act.slope;
    radial += weight * act.slope * act.slope * t * t;
  }
  LayerMoments moments;
  const bool step = is_bounded(activation) && sigma > kLargestSigma;
  const Wide scale = step ? Wide{kLargestSigma} : sigma;
  moments.mean = value_at_zero(activation) + scale * mean;
  moments.variance = scale * scale * (square - mean * mean);
  moments.slope_square = step ? to_double(slope_square * clipped / sigma) : slope_square;
  moments.slope_radial = radial / slope_square;
  return moments;
}

}  // namespace nanscope
