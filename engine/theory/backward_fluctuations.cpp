#include "engine/theory/backward_fluctuations.h"

#include <algorithm>

namespace nanscope {
namespace {

/// Going down through the layers, log G of layer l deviates by response . x_l + independent noise.
struct GradientState {
  Vector2 response;   ///< on the forward state at the layer's output
  double noise = 0;   ///< variance of what the layers above it add
  double spread = 0;  ///< E[c^2] of the gradients of two samples; their mean correlation is 0
};

/// The parts of one layer's step, before they are mixed with a residual's skip.
struct Step {
  double slope_noise = 0;   ///< relative variance of the mean of act'^2 g^2
  Vector2 slope_forward;    ///< covariance of that with the forward noise xi
  double delta_spread = 0;  ///< E[c^2] of dL/dz of two samples
  double weight_noise = 0;  ///< relative variance that W' adds
  Vector2 slope_response;   ///< d log E[act'^2] / dx, x the state of the layer's input
};

class BackwardStepper {
 public:
  BackwardStepper(const LayerMap& layer, const ForwardFluctuation& forward, int batch)
      : layer_(layer), forward_(forward), batch_(batch), units_(layer.fan_out) {
    const double a = to_double(std::min<Wide>(layer.branch_gain, 1e300L));
    branch_ = layer.residual ? a / (1 + a) : 1;
    skip_ = 1 - branch_;
  }

  Step step(double spread) const {
    Step step;
    const ActivationKernels& kernels = layer_.act.kernels;
    const double conserved = forward_.conserved;
    const auto covariance = [&](const Kernel& kernel, double c) {
      return kernel.covariance(c) - conserved * kernel.quadratic() * c * c;
    };
    // g is Gaussian over the units: E[g_b^2 g_b'^2] = 1 + 2 c^2.
    step.slope_noise =
        (3 * covariance(kernels.slope_square, 1) / batch_ +
         between_samples() * (1 + 2 * spread) * forward_.pairs.average([&](double c) {
           return covariance(kernels.slope_square, c);
         })) /
        units_;
    const auto with_forward = [&](const Kernel& kernel) {
      return batch_variance(batch_, forward_.pairs,
                            [&](double c) { return covariance(kernel, c); }) /
             units_;
    };
    const double b = activation_share();
    step.slope_forward = {b * b * with_forward(kernels.square_slope_square),
                          b * with_forward(kernels.value_slope_square)};
    step.delta_spread = forward_.pairs.average([&](double c) {
      const double k = kernels.slope(c);
      return k * k * spread + (kernels.slope_square(c) - k * k) * (1 + 2 * spread) / units_;
    });
    step.delta_spread = std::min(step.delta_spread, 1.0);
    step.weight_noise =
        2 * (1 - conserved) * (1.0 / batch_ + between_samples() * step.delta_spread) / units_;
    step.slope_response = layer_.act.slope_response * forward_.preactivation_response;
    return step;
  }

  /// Of the mean square of dL/dW = sum_b delta_b u_b': that of delta^2 u^2, and the cross terms of
  /// different samples, which are 0 on average.
  double weight_grad(const GradientState& state, const Step& step) const {
    const Vector2 input = forward_.preactivation_response;
    const double signal = std::max(layer_.signal_fraction, 1e-300);
    const Vector2 response = transposed_times(forward_.transfer, state.response) +
                             step.slope_response + (1 / signal) * input;
    const double cross_terms =
        2 * between_samples() * step.delta_spread * forward_.normed_pairs.mean_square();
    return quadratic_form(response, forward_.input) + state.noise + own_noise(state, step, 1) +
           step.slope_noise + cross_terms;
  }

  GradientState through(const GradientState& state, const Step& step) const {
    const Vector2 gain_response = step.slope_response + (-1.0) * forward_.size_response;
    GradientState below;
    below.response = branch_ * gain_response + transposed_times(forward_.transfer, state.response);
    // 2 g . W' delta of a residual: skip and branch are independent in sign.
    const double slope_correlation = forward_.pairs.average(layer_.act.kernels.slope);
    const double cross = 4 * skip_ * branch_ *
                         (1.0 / batch_ + between_samples() * state.spread * slope_correlation) /
                         units_;
    below.noise = state.noise + own_noise(state, step, branch_) +
                  branch_ * branch_ * (step.slope_noise + step.weight_noise) + cross;
    below.spread = spread_below(state, step);
    return below;
  }

 private:
  double between_samples() const { return 1 - 1.0 / batch_; }

  double activation_share() const {
    if (!layer_.residual || !(layer_.output.variance > 0)) return 1;
    return to_double(std::sqrt(layer_.act.variance / layer_.output.variance));
  }

  /// The forward noise xi of this layer as far as the layers above respond to it.
  double own_noise(const GradientState& state, const Step& step, double branch) const {
    return quadratic_form(state.response, forward_.noise) +
           2 * branch * dot(state.response, step.slope_forward);
  }

  double spread_below(const GradientState& state, const Step& step) const {
    const double v = step.delta_spread;
    const double sampled = v + (1 - forward_.conserved) * (1 - v) * (1 + 2 * v) / units_;
    const double k = forward_.pairs.average(layer_.act.kernels.slope);
    const double kept = (skip_ + branch_ * k) * (skip_ + branch_ * k) * state.spread;
    const double added = branch_ * branch_ * std::max(0.0, sampled - k * k * state.spread);
    return std::min(1.0, kept + added + 2 * skip_ * branch_ / units_);
  }

  const LayerMap& layer_;
  const ForwardFluctuation& forward_;
  double batch_, units_;
  double branch_ = 1;  ///< share of the branch in the gradient below
  double skip_ = 0;
};

}  // namespace

std::vector<BackwardFluctuation> backward_fluctuations(
    const std::vector<LayerMap>& layers, const std::vector<ForwardFluctuation>& forward,
    int batch) {
  std::vector<BackwardFluctuation> fluctuations(layers.size());
  const double units = layers.back().fan_out;
  // R ~ N(0,1) of shape (B,C): the relative variance of a mean of B C squares is 2 / (B C).
  GradientState state{{}, 2 / (batch * units), 1 / units};
  for (std::size_t i = layers.size(); i-- > 0;) {
    const BackwardStepper stepper(layers[i], forward[i], batch);
    const Step step = stepper.step(state.spread);
    fluctuations[i].gradient = quadratic_form(state.response, forward[i].output) + state.noise;
    fluctuations[i].weight_grad = stepper.weight_grad(state, step);
    state = stepper.through(state, step);
  }
  return fluctuations;
}

}  // namespace nanscope
