#include "engine/theory/backward_fluctuations.h"

#include <algorithm>
#include <cmath>

#include "engine/theory/random_gradient.h"

namespace nanscope {
namespace {

/// The part of the gradient along h: (R.h_L)^2 / |h|^2, so that log G deviates as log |h_L|^2 and
/// against log |h|^2, times the square of a normal variable R.h_L, independent for each sample.
class AlignedGradientStep {
 public:
  static Deviation upstream() {
    // Relative variance 2: that of a log-normal variable of log variance log 3.
    return {-0.5 * std::log(3.0), {}, {std::log(3.0), 0}};
  }

  AlignedGradientStep(const LayerMap& layer, const ForwardFluctuation& forward,
                      const Deviation& above)
      : forward_(forward), above_(above), input_(second_moment_response(layer.input)) {
    up_ = above.response + second_moment_response(layer.output);
  }

  Deviation below() const { return step(up_, -1); }
  Deviation weight_grad() const { return step(above_.response, 1); }

 private:
  /// From the state of the output to that of the input, and plus or minus log |h|^2 there.
  Deviation step(Vector2 output, double sign) const {
    Deviation result;
    result.response = transposed_times(forward_.transfer, output) + sign * input_;
    result.noise = above_.noise + variance_of(output, forward_.noise);
    result.mean = above_.mean + dot(output, forward_.output_mean) +
                  dot(sign * input_ + (-1.0) * result.response, forward_.input_mean);
    return result;
  }

  const ForwardFluctuation& forward_;
  const Deviation& above_;
  Vector2 input_;  ///< of log |h|^2
  Vector2 up_;     ///< of log |h_L|^2, seen from the layer's output
};

/// The log variance of (1 - share) X + share Y, log-normal and independent with mean 1 each, taken
/// as log-normal (Fenton 1960): X and Y vary by too much for an expansion.
double mixed_variance(double x, double y, double share) {
  constexpr double kLargest = 600;  // whose exponential is a double
  const double rest = 1 - share;
  return std::log1p(rest * rest * std::expm1(std::min(x, kLargest)) +
                    share * share * std::expm1(std::min(y, kLargest)));
}

/// log((1 - share) e^a + share e^b).
Deviation mixed(const Deviation& a, const Deviation& b, double share) {
  if (share == 0) return a;
  const double rest = 1 - share;
  Deviation mix;
  mix.response = rest * a.response + share * b.response;
  mix.noise = {mixed_variance(a.noise.same, b.noise.same, share),
               mixed_variance(a.noise.other, b.noise.other, share)};
  // Of a log-normal variable with mean 1 the logarithm's mean is minus half of its variance.
  mix.mean = rest * (a.mean + 0.5 * a.noise.same) + share * (b.mean + 0.5 * b.noise.same) -
             0.5 * mix.noise.same;
  return mix;
}

/// Share of the gradient that is not there at infinite width.
double aligned_share(const GradientMoments& moments) {
  if (!(moments.gradient > moments.random)) return 0;
  return 1 - to_double(moments.random / moments.gradient);
}

}  // namespace

std::vector<BackwardFluctuation> backward_fluctuations(
    const std::vector<LayerMap>& layers, const std::vector<ForwardFluctuation>& forward,
    const std::vector<GradientMoments>& moments) {
  std::vector<BackwardFluctuation> fluctuations(layers.size());
  RandomGradient random = upstream_gradient(layers.back().fan_out);
  Deviation aligned = AlignedGradientStep::upstream();
  for (std::size_t i = layers.size(); i-- > 0;) {
    const RandomGradientStep random_step(layers[i], forward[i], random);
    const AlignedGradientStep aligned_step(layers[i], forward[i], aligned);
    const double share = aligned_share(moments[i]);
    const double sample_square = forward[i].normed_pairs.mean_square();
    fluctuations[i].gradient = at_state(mixed(random.deviation, aligned, share),
                                        forward[i].output_mean, forward[i].output_covariance);
    fluctuations[i].weight_grad =
        at_state(mixed(random_step.weight_grad(), aligned_step.weight_grad(), share),
                 forward[i].input_mean, forward[i].input_covariance);
    // dL/dz of two samples: random directions, or both along h, which samples share as u.
    const double delta_square =
        (1 - share) * (1 - share) * random_step.delta_spread() + share * share * sample_square;
    fluctuations[i].delta_spread = delta_square;
    fluctuations[i].weight_grad_cross = 2 * delta_square * sample_square;
    random = random_step.below();
    aligned = aligned_step.below();
  }
  return fluctuations;
}

}  // namespace nanscope
