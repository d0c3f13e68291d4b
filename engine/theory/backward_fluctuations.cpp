#include "engine/theory/backward_fluctuations.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

/// Going down through the layers: log G of layer l deviates by mean + response . x_l + noise.
struct GradientState {
  double mean = 0;
  Vector2 response;          ///< on the forward state at the layer's output
  SamplePair<double> noise;  ///< of what the layers above add
  double spread = 0;  ///< E[c^2] of the gradients of two samples; their mean correlation is 0
  /// Response to the forward noise that shares weights with the backward noise, and the share of it
  /// that the layer's norm lets through; see shared_response().
  SamplePair<double> shared;
  SamplePair<double> shared_through_norm{1, 1};
  /// Share of G along the layer's output h, over the 1/N of a random direction.
  double radial = 1;
};

class BackwardStepper {
 public:
  BackwardStepper(const LayerMap& layer, const ForwardFluctuation& forward,
                  const GradientState& state)
      : layer_(layer), forward_(forward), state_(state), units_(layer.fan_out) {
    if (layer.residual) {
      const double a = to_double(std::min<Wide>(layer.branch_gain, 1e300L));
      branch_ = a / (1 + a);
      skip_ = 1 / (1 + a);
    }
    if (layer.residual && layer.output.variance > 0)
      share_ = to_double(std::sqrt(layer.act.variance / layer.output.variance));
    set_slope_noise();
    set_delta_spread();
    slope_response_ = layer.act.slope.first * forward.preactivation_response;
  }

  LogDeviation gradient() const {
    return {state_.mean + dot(state_.response, forward_.output_mean),
            variance(state_.response, forward_.output_covariance) + state_.noise};
  }

  /// Of delta^2 u^2. Without a norm u^2 deviates as E[z^2] does apart from the bias.
  LogDeviation weight_grad() const {
    const Vector2 normed =
        (1 / std::max(layer_.signal_fraction, 1e-300)) * forward_.preactivation_response;
    const Vector2 response =
        transposed_times(forward_.transfer, state_.response) + slope_response_ + normed;
    LogDeviation deviation;
    deviation.variance =
        variance(response, forward_.input_covariance) + state_.noise + own_noise(1) + slope_noise_;
    deviation.mean = state_.mean + dot(state_.response, forward_.output_mean) + slope_mean() +
                     dot(normed, forward_.input_mean);
    return deviation;
  }

  double weight_grad_cross() const {
    return 2 * delta_spread_ * forward_.normed_pairs.mean_square();
  }

  GradientState below() const {
    const Vector2 gain_response = slope_response_ + (-1.0) * forward_.size_response;
    const SamplePair<double> weight_noise{2 * free() / units_, 2 * free() * delta_spread_ / units_};
    GradientState below;
    below.response = branch_ * gain_response + transposed_times(forward_.transfer, state_.response);
    const SamplePair<double> fresh = slope_noise_ + weight_noise;
    below.shared = shared_response({1, 1});
    below.shared_through_norm = through_norm();
    below.noise = state_.noise + own_noise(branch_) + branch_ * branch_ * fresh + skip_noise() +
                  shared_noise();
    // E[log(skip + branch e^y)] to second order. What response . E[x] of the layers above holds
    // beyond J is moved into the mean, so that the state below can respond to its own E[x].
    const double drive = quadratic_form(gain_response, forward_.input_covariance.same) + fresh.same;
    const double gain_mean = slope_mean() - 0.5 * weight_noise.same + finite_width_gain() -
                             dot(forward_.size_response, forward_.input_mean);
    below.mean = state_.mean + dot(state_.response, forward_.output_mean) + branch_ * gain_mean +
                 0.5 * branch_ * skip_ * drive - 0.5 * skip_noise().same -
                 dot(below.response, forward_.input_mean);
    below.spread = spread_below();
    below.radial = layer_.norm == Norm::none ? radial_below() : skip_ * state_.radial;
    return below;
  }

 private:
  static SamplePair<double> variance(Vector2 response, const SamplePair<Covariance2>& covariance) {
    return {quadratic_form(response, covariance.same), quadratic_form(response, covariance.other)};
  }

  double free() const { return 1 - forward_.conserved; }

  double covariance(const Kernel& kernel, double c) const {
    return kernel.covariance(c) - forward_.conserved * kernel.quadratic() * c * c;
  }

  /// Relative variance of the mean of act'^2 g^2 over the units, where E[g_b^2 g_b'^2] = 1 + 2 c^2,
  /// and its covariance with the forward noise of the same units.
  void set_slope_noise() {
    const ActivationKernels& kernels = layer_.act.kernels;
    const auto both = [&](const Kernel& kernel) {
      return SamplePair<double>{
          covariance(kernel, 1) / units_,
          forward_.pairs.average([&](double c) { return covariance(kernel, c); }) / units_};
    };
    slope_noise_ = both(kernels.slope_square);
    slope_noise_.same *= 3;
    slope_noise_.other *= 1 + 2 * state_.spread;
    square_with_slope_ = share_ * share_ * both(kernels.square_slope_square);
    value_with_slope_ = share_ * both(kernels.value_slope_square);
  }

  /// E[c^2] of dL/dz: act' of two samples agree the less the lower their correlation; sampling
  /// adds.
  void set_delta_spread() {
    const ActivationKernels& kernels = layer_.act.kernels;
    const double spread = state_.spread;
    delta_spread_ = std::min(1.0, forward_.pairs.average([&](double c) {
      const double k = kernels.slope(c);
      return k * k * spread + (kernels.slope_square(c) - k * k) * (1 - spread) / units_;
    }));
  }

  /// E[log] of the mean of act'^2 g^2 over the units.
  double slope_mean() const {
    const Response& slope = layer_.act.slope;
    const double sphere =
        -forward_.conserved / units_ * (slope.second + slope.first * slope.first - slope.first);
    return dot(slope_response_, forward_.input_mean) - 0.5 * slope_noise_.same + sphere +
           radial_slope_gain() +
           0.5 * layer_.act.slope.second *
               quadratic_form(forward_.preactivation_response, forward_.input_covariance.same);
  }

  /// E[act'^2 g^2] where g has another share along h than a random direction has.
  double radial_slope_gain() const {
    const double along = share_ * share_ * (square_slope_ratio() - 1);
    return (state_.radial - 1) * along / units_;
  }

  /// E[act'^2 a^2] / (E[act'^2] E[a^2]), a = act or, below a LayerNorm, act - E[act].
  double square_slope_ratio() const {
    const ActivationKernels& kernels = layer_.act.kernels;
    const double rho = relative_mean();
    return (rho * rho + 2 * rho * kernels.value_slope_square(1) + kernels.square_slope_square(1)) /
           (1 + rho * rho);
  }

  double relative_mean() const {
    if (layer_.norm == Norm::layernorm || !(layer_.act.variance > 0)) return 0;
    return to_double(layer_.act.mean / std::sqrt(layer_.act.variance));
  }

  /// The share of dL/dh along h, which is that of (z . dL/dz)^2: of z act'(z), the part along
  /// act(z) meets the radial share of the layer above, the rest a random direction.
  double radial_below() const {
    const LayerMoments& act = layer_.act;
    const double rho = relative_mean();
    // E[z act' act]^2 / (E[act^2] E[z^2] E[act'^2]) in units of Var[act].
    const double product = act.kernels.radial(1) + 2 * rho * act.value.first;
    const double slope_scale = slope_over_value();
    const double aligned =
        slope_scale > 0 ? product * product / ((1 + rho * rho) * slope_scale) : 0;
    return std::max(0.0, act.slope_radial - aligned) + aligned * state_.radial;
  }

  /// E[z^2] E[act'^2] / Var[act].
  double slope_over_value() const {
    if (!(layer_.act.variance > 0)) return 0;
    return to_double(layer_.preactivation_variance * layer_.act.slope_square / layer_.act.variance);
  }

  /// The 1/N correction of E|dL/du|^2: W, known along u by z = W u, is random in the fan_in - 1
  /// other directions; along u it gives (z . dL/dz)^2 / |u|^2. A norm removes that part (done in
  /// branch_gain) whatever its size, and divides by a variance around the realized mean.
  double finite_width_gain() const {
    if (layer_.norm == Norm::none) return free() * (radial_below() - 1) / layer_.fan_in;
    return layer_.norm == Norm::layernorm ? layer_.normed_fraction * forward_.input_mean_noise : 0;
  }

  /// The forward noise xi of this layer as far as the layers above respond to it.
  SamplePair<double> own_noise(double branch) const {
    const Vector2 response = state_.response;
    return variance(response, forward_.noise) +
           2 * branch * response.variance * square_with_slope_ +
           2 * branch * response.mean * value_with_slope_;
  }

  /// Forward and backward noise hold the same weights: |W u|^2 and |W' delta|^2 with independent u
  /// and delta have the relative covariance 2/N^2, and so have those of W_l forward and of W_k
  /// backward for k < l, since either holds the product W_l ... W_k. Every layer between weakens
  /// it: by the masks act' of two samples that differ, by act's response to the scale of z, and by
  /// the share 1/N that it aligns. This is the response of log G, summed over l >= k; those of l >
  /// k times `above`.
  SamplePair<double> shared_response(const SamplePair<double>& above) const {
    const double response = state_.response.variance * share_ * share_ * layer_.act.square.first +
                            state_.response.mean * share_ * layer_.act.value.first +
                            branch_ * layer_.act.slope.first;
    const ActivationKernels& kernels = layer_.act.kernels;
    const double kept = 1 - 1 / units_;
    const double same = kept * kernels.radial(1);
    const double other = kept * forward_.pairs.average(
                                    [&](double c) { return kernels.slope(c) * kernels.radial(c); });
    return {response + same * above.same * state_.shared.same,
            response + other * above.other * state_.shared.other};
  }

  /// The first norm above W_k takes the part along u off the product: all of a sample's own, c^2 of
  /// another sample's. What is left is orthogonal to the u of the norms further up.
  SamplePair<double> through_norm() const {
    if (layer_.norm == Norm::none) return {1, 1};
    const double kappa = layer_.normed_fraction;
    return {1 - kappa, 1 - kappa * forward_.normed_pairs.mean_square()};
  }

  SamplePair<double> shared_noise() const {
    return (2 * branch_ * free() * 2 / (units_ * units_)) *
           shared_response(state_.shared_through_norm);
  }

  /// 2 g . W' delta of a residual: skip and branch are independent in sign.
  SamplePair<double> skip_noise() const {
    const double slope = forward_.pairs.average(layer_.act.kernels.slope);
    const double unit = 4 * skip_ * branch_ / units_;
    return {unit, unit * state_.spread * slope};
  }

  double spread_below() const {
    const double v = delta_spread_;
    const double sampled = v + free() * (1 - v) / units_;
    const double k = forward_.pairs.average(layer_.act.kernels.slope);
    const double kept = (skip_ + branch_ * k) * (skip_ + branch_ * k) * state_.spread;
    const double added = branch_ * branch_ * std::max(0.0, sampled - k * k * state_.spread);
    return std::min(1.0, kept + added + 2 * skip_ * branch_ * (1 - v) / units_);
  }

  const LayerMap& layer_;
  const ForwardFluctuation& forward_;
  const GradientState& state_;
  double units_;
  double branch_ = 1, skip_ = 0;  ///< shares of branch and skip in G below
  double share_ = 1;              ///< of act in the amplitude of h'
  SamplePair<double> slope_noise_, square_with_slope_, value_with_slope_;
  double delta_spread_ = 0;
  Vector2 slope_response_;  ///< d log E[act'^2] / dx, x the state of the layer's input
};

}  // namespace

std::vector<BackwardFluctuation> backward_fluctuations(
    const std::vector<LayerMap>& layers, const std::vector<ForwardFluctuation>& forward) {
  std::vector<BackwardFluctuation> fluctuations(layers.size());
  const double units = layers.back().fan_out;
  // R ~ N(0,1): a sample's mean of N squares has the relative variance 2/N and E[log] = -1/N.
  GradientState state;
  state.mean = -1 / units;
  state.noise = {2 / units, 0};
  state.spread = 1 / units;
  for (std::size_t i = layers.size(); i-- > 0;) {
    const BackwardStepper stepper(layers[i], forward[i], state);
    fluctuations[i] = {stepper.gradient(), stepper.weight_grad(), stepper.weight_grad_cross()};
    state = stepper.below();
  }
  return fluctuations;
}

}  // namespace nanscope
