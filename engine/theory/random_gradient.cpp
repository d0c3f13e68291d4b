#include "engine/theory/random_gradient.h"

#include <algorithm>
#include <cmath>

namespace nanscope {

RandomGradient upstream_gradient(int units) {
  RandomGradient gradient;
  gradient.deviation.mean = -1.0 / units;  // E[log] = -Var / 2
  gradient.deviation.noise = {2.0 / units, 0};
  gradient.spread = 1.0 / units;
  return gradient;
}

RandomGradientStep::RandomGradientStep(const LayerMap& layer, const ForwardFluctuation& forward,
                                       const RandomGradient& above)
    : layer_(layer), forward_(forward), above_(above), units_(layer.fan_out) {
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

Deviation RandomGradientStep::weight_grad() const {
  const Deviation& above = above_.deviation;
  // Without a norm u^2 deviates as E[z^2] does apart from the bias.
  const Vector2 normed =
      (1 / std::max(layer_.signal_fraction, 1e-300)) * forward_.preactivation_response;
  Deviation deviation;
  deviation.response =
      transposed_times(forward_.transfer, above.response) + slope_response_ + normed;
  deviation.noise = above.noise + own_noise(1) + slope_noise_;
  deviation.mean = above.mean + dot(above.response, forward_.output_mean) + slope_mean() +
                   dot(normed, forward_.input_mean) - dot(deviation.response, forward_.input_mean);
  return deviation;
}

RandomGradient RandomGradientStep::below() const {
  const Deviation& above = above_.deviation;
  const Vector2 gain_response = slope_response_ + (-1.0) * forward_.size_response;
  const SamplePair<double> weight_noise{2 * free() / units_, 2 * free() * delta_spread_ / units_};
  const SamplePair<double> fresh = slope_noise_ + weight_noise;
  RandomGradient below;
  below.spread = spread_below();
  below.radial = radial_below();
  below.shared = shared_response({1, 1});
  below.shared_through_norm = through_norm();
  Deviation& deviation = below.deviation;
  deviation.response =
      branch_ * gain_response + transposed_times(forward_.transfer, above.response);
  deviation.noise =
      above.noise + own_noise(branch_) + branch_ * branch_ * fresh + skip_noise() + shared_noise();
  // E[log(skip + branch e^y)] to second order, and what E[x] adds beyond response . E[x] below.
  const double drive = quadratic_form(gain_response, forward_.input_covariance.same) + fresh.same;
  const double gain_mean = slope_mean() - 0.5 * weight_noise.same + finite_width_gain() -
                           dot(forward_.size_response, forward_.input_mean);
  deviation.mean = above.mean + dot(above.response, forward_.output_mean) + branch_ * gain_mean +
                   0.5 * branch_ * skip_ * drive - 0.5 * skip_noise().same -
                   dot(deviation.response, forward_.input_mean);
  return below;
}

double RandomGradientStep::covariance(const Kernel& kernel, double c) const {
  return kernel.covariance(c) - forward_.conserved * kernel.quadratic() * c * c;
}

/// Relative variance of the mean of act'^2 g^2 over the units, where E[g_b^2 g_b'^2] = 1 + 2 c^2,
/// and its covariance with the forward noise of the same units.
void RandomGradientStep::set_slope_noise() {
  const CorrelationKernels& kernels = layer_.act.kernels;
  const auto both = [&](const Kernel& kernel) {
    return SamplePair<double>{covariance(kernel, 1) / units_, forward_.pairs.average([&](double c) {
                                return covariance(kernel, c);
                              }) / units_};
  };
  slope_noise_ = both(kernels.slope_square);
  // As variances of a log-normal factor: a few unsaturated units make them large.
  slope_noise_.same = std::log1p(3 * slope_noise_.same);
  slope_noise_.other = std::log1p((1 + 2 * above_.spread) * slope_noise_.other);
  square_with_slope_ = share_ * share_ * both(kernels.square_slope_square);
  value_with_slope_ = share_ * both(kernels.value_slope_square);
}

/// E[c^2] of dL/dz: act' of two samples agree the less the lower their correlation; sampling
/// adds.
void RandomGradientStep::set_delta_spread() {
  const CorrelationKernels& kernels = layer_.act.kernels;
  const double spread = above_.spread;
  delta_spread_ = std::min(1.0, forward_.pairs.average([&](double c) {
    const double k = kernels.slope(c);
    return k * k * spread + (kernels.slope_square(c) - k * k) * (1 - spread) / units_;
  }));
}

/// E[log] of the mean of act'^2 g^2 over the units.
double RandomGradientStep::slope_mean() const {
  const Response& slope = layer_.act.slope;
  const double sphere =
      -forward_.conserved / units_ * (slope.second + slope.first * slope.first - slope.first);
  return dot(slope_response_, forward_.input_mean) + slope.first * forward_.curvature -
         0.5 * slope_noise_.same + sphere + radial_slope_gain() +
         0.5 * layer_.act.slope.second *
             quadratic_form(forward_.preactivation_response, forward_.input_covariance.same);
}

/// E[act'^2 g^2] where g has another share along h than a random direction has.
double RandomGradientStep::radial_slope_gain() const {
  const double along = share_ * share_ * (square_slope_ratio() - 1);
  return (above_.radial - 1) * along / units_;
}

/// E[act'^2 a^2] / (E[act'^2] E[a^2]), a = act or, below a LayerNorm, act - E[act].
double RandomGradientStep::square_slope_ratio() const {
  const CorrelationKernels& kernels = layer_.act.kernels;
  const double rho = act_relative_mean();
  return (rho * rho + 2 * rho * kernels.value_slope_square(1) + kernels.square_slope_square(1)) /
         (1 + rho * rho);
}

double RandomGradientStep::act_relative_mean() const {
  if (layer_.norm == Norm::layernorm) return 0;
  return relative_mean({layer_.act.mean, layer_.act.variance});
}

/// Without a norm the share of dL/dh along h is that of (z . dL/dz)^2; through a norm nothing comes
/// back along h, and what a residual skips meets h = skip h + branch act.
double RandomGradientStep::radial_below() const {
  if (layer_.norm == Norm::none) return radial_through_weights();
  return skip_ * (1 - (1 - share_ * share_) * (1 - above_.radial));
}

/// Of z act'(z), the part along act(z) meets the radial share of the layer above, the rest a random
/// direction.
double RandomGradientStep::radial_through_weights() const {
  const LayerMoments& act = layer_.act;
  const double rho = act_relative_mean();
  // E[z act' act]^2 / (E[act^2] E[z^2] E[act'^2]) in units of Var[act].
  const double product = act.kernels.radial(1) + 2 * rho * act.value.first;
  const double slope_scale = slope_over_value();
  const double aligned = slope_scale > 0 ? product * product / ((1 + rho * rho) * slope_scale) : 0;
  return std::max(0.0, act.slope_radial - aligned) + aligned * above_.radial;
}

/// E[z^2] E[act'^2] / Var[act].
double RandomGradientStep::slope_over_value() const {
  if (!(layer_.act.variance > 0)) return 0;
  return to_double(layer_.preactivation_variance * layer_.act.slope_square / layer_.act.variance);
}

/// The 1/N correction of E|dL/du|^2: W, known along u by z = W u, is random in the fan_in - 1
/// other directions; along u it gives (z . dL/dz)^2 / |u|^2. A norm removes that part, whatever its
/// size (done in branch_gain), and divides by a variance around the realized mean. An orthogonal W
/// keeps |dL/dz|, so that only as much is lost as there is along u: nothing in a linear network,
/// where the norm above took it off.
double RandomGradientStep::finite_width_gain() const {
  if (layer_.norm == Norm::none) return free() * (radial_through_weights() - 1) / layer_.fan_in;
  const double kappa = layer_.normed_fraction;
  const double kept = (1 - free()) * (2 - kappa) * kappa * (1 - radial_through_weights());
  const double centred = layer_.norm == Norm::layernorm ? kappa * forward_.input_mean_noise : 0;
  return kept / layer_.fan_in + centred;
}

/// The forward noise xi of this layer as far as the layers above respond to it.
SamplePair<double> RandomGradientStep::own_noise(double branch) const {
  const Vector2 response = above_.deviation.response;
  return variance_of(response, forward_.noise) +
         2 * branch * response.variance * square_with_slope_ +
         2 * branch * response.mean * value_with_slope_;
}

/// Forward and backward noise hold the same weights: |W u|^2 and |W' delta|^2 with independent u
/// and delta have the relative covariance 2/N^2, and so have those of W_l forward and of W_k
/// backward for k < l, since either holds the product W_l ... W_k. Every layer between weakens
/// it: by the masks act' of two samples that differ, by act's response to the scale of z, and by
/// the share 1/N that it aligns. This is the response of log G, summed over l >= k; those of l >
/// k times `above`.
SamplePair<double> RandomGradientStep::shared_response(const SamplePair<double>& above) const {
  const double response =
      above_.deviation.response.variance * share_ * share_ * layer_.act.square.first +
      above_.deviation.response.mean * share_ * layer_.act.value.first +
      branch_ * layer_.act.slope.first;
  const CorrelationKernels& kernels = layer_.act.kernels;
  const double kept = 1 - 1 / units_;
  const double same = kept * kernels.radial(1);
  const double other =
      kept * forward_.pairs.average([&](double c) { return kernels.slope(c) * kernels.radial(c); });
  return {response + same * above.same * above_.shared.same,
          response + other * above.other * above_.shared.other};
}

/// The first norm above W_k takes the part along u off the product: all of a sample's own, c^2 of
/// another sample's. What is left is orthogonal to the u of the norms further up.
SamplePair<double> RandomGradientStep::through_norm() const {
  if (layer_.norm == Norm::none) return {1, 1};
  const double kappa = layer_.normed_fraction;
  return {1 - kappa, 1 - kappa * forward_.normed_pairs.mean_square()};
}

SamplePair<double> RandomGradientStep::shared_noise() const {
  return (2 * branch_ * free() * 2 / (units_ * units_)) *
         shared_response(above_.shared_through_norm);
}

/// 2 g . W' delta of a residual: skip and branch are independent in sign.
SamplePair<double> RandomGradientStep::skip_noise() const {
  const double slope = forward_.pairs.average(layer_.act.kernels.slope);
  const double unit = 4 * skip_ * branch_ / units_;
  return {unit, unit * above_.spread * slope};
}

double RandomGradientStep::spread_below() const {
  const double v = delta_spread_;
  const double sampled = v + free() * (1 - v) / units_;
  const double k = forward_.pairs.average(layer_.act.kernels.slope);
  const double kept = (skip_ + branch_ * k) * (skip_ + branch_ * k) * above_.spread;
  const double added = branch_ * branch_ * std::max(0.0, sampled - k * k * above_.spread);
  return std::min(1.0, kept + added + 2 * skip_ * branch_ * (1 - v) / units_);
}

}  // namespace nanscope
