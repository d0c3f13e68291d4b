#include "engine/theory/gradient_moments.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

/// dL/dh = random + alpha h + beta 1, alpha and beta of mean 0: second moments.
struct AlignedGradient {
  Wide alpha_alpha = 0, alpha_beta = 0, beta_beta = 0;
  /// E[(alpha a + beta)^2] of an a with these moments.
  Wide square(Wide mean, Wide second) const {
    return alpha_alpha * second + 2 * alpha_beta * mean + beta_beta;
  }
};

/// Averages of act over z that the aligned part needs; a = act(z), d = act'(z).
struct SlopeMoments {
  Wide dda = 0, ddaa = 0;  ///< E[d^2 a], E[d^2 a^2]
  Wide zd = 0, zda = 0;    ///< E[z d], E[z d a]
  Wide rest = 0;           ///< variance of h + z d left by a regression on 1 and h' = h + a

  explicit SlopeMoments(const LayerMap& layer) {
    const LayerMoments& act = layer.act;
    const CorrelationKernels& kernels = act.kernels;
    const Wide mean = act.mean, deviation = std::sqrt(act.variance);
    const Wide with_slope = kernels.value_slope_square(1);
    dda = act.slope_square * (mean + deviation * with_slope);
    ddaa = act.slope_square * (mean * mean + 2 * mean * deviation * with_slope +
                               act.variance * kernels.square_slope_square(1));
    zd = 2 * deviation * act.value.first;  // E[z act'] = 2 dE[act] / dlog(sigma^2)
    zda = act.variance * kernels.radial(1) + mean * zd;
    const Wide zdzd = layer.preactivation_variance * act.slope_square * act.slope_radial;
    const Wide covariance = layer.input.variance + zda - zd * mean;
    rest = layer.input.variance + zdzd - zd * zd;
    if (layer.output.variance > 0) rest -= covariance * covariance / layer.output.variance;
  }
};

class ResidualGradient {
 public:
  explicit ResidualGradient(const LayerMap& last) {
    const Moments& h = last.output;
    if (!(h.variance > 0)) return;
    // R has 1/N of its square along h and 1 each: 1/N times the inverse of their Gram matrix.
    const Wide scale = 1 / (last.fan_out * h.variance);
    aligned_ = {scale, -scale * h.mean, scale * h.second()};
    random_ = 1 - Wide{2} / last.fan_out;
  }

  Wide gradient(const Moments& h) const {
    return random_ + scattered_ + aligned_.square(h.mean, h.second());
  }

  /// E[act'^2 g^2], where h' = h + act(z) with h independent of z.
  Wide delta(const LayerMap& layer, const SlopeMoments& slope) const {
    const Moments& h = layer.input;
    const Wide dd = layer.act.slope_square;
    const Wide mean = h.mean + slope.dda / dd;
    const Wide second = h.second() + 2 * h.mean * slope.dda / dd + slope.ddaa / dd;
    return dd * (random_ + scattered_ + aligned_.square(mean, second));
  }

  void step_below(const LayerMap& layer) {
    const SlopeMoments slope(layer);
    const Moments& h = layer.input;
    if (!(h.variance > 0)) return;
    const Wide width = layer.fan_in;
    const Wide through = width * Wide{layer.weight_variance} * (1 - 1 / width);
    const Wide from_random = through * random_ * layer.act.slope_square;
    const Wide through_weights = through * delta(layer, slope);

    // h.dL/dh = h.g + z.dL/dz, over |h|^2, is alpha: by the aligned part, and by chance, which
    // takes that part of g from what counted as random.
    const Wide from_alpha = (h.mean * slope.zd + slope.zda) / h.second();
    const Wide from_beta = slope.zd / h.second();
    const Wide by_chance = (random_ + scattered_) / (width * h.second());
    const Wide chance = by_chance * slope.rest / h.second();
    const Wide taken = by_chance * h.variance * layer.act.variance / layer.output.variance;
    random_ += from_random;
    scattered_ += aligned_.alpha_alpha * layer.act.variance + through_weights - from_random - taken;

    // alpha' = (1 + from_alpha) alpha + from_beta beta, beta' = E[act] alpha + beta.
    const AlignedGradient old = aligned_;
    const Wide grow = 1 + from_alpha, mean = layer.act.mean;
    aligned_.alpha_alpha = grow * grow * old.alpha_alpha + 2 * grow * from_beta * old.alpha_beta +
                           from_beta * from_beta * old.beta_beta + chance;
    aligned_.alpha_beta = grow * mean * old.alpha_alpha +
                          (grow + from_beta * mean) * old.alpha_beta + from_beta * old.beta_beta;
    aligned_.beta_beta = mean * mean * old.alpha_alpha + 2 * mean * old.alpha_beta + old.beta_beta;
    align_with_one(through_weights, h, width);
  }

  /// What comes through W is orthogonal to h, but has 1/N of its square along the rest of 1, which
  /// is 1 - (mean / second) h.
  void align_with_one(Wide energy, const Moments& h, Wide width) {
    const Wide slant = h.mean / h.second();
    const Wide square = energy / width / (1 - h.mean * slant);
    aligned_.alpha_alpha += slant * slant * square;
    aligned_.alpha_beta -= slant * square;
    aligned_.beta_beta += square;
    scattered_ -= energy / width;
  }
  Wide random_ = 1;
  Wide scattered_ = 0;  ///< random in direction, but made from the aligned part
  AlignedGradient aligned_;
};

}  // namespace

std::vector<GradientMoments> gradient_moments(const std::vector<LayerMap>& layers) {
  std::vector<GradientMoments> moments(layers.size());
  const bool follows_alignment = layers.back().residual && layers.back().norm == Norm::none;
  ResidualGradient residual(layers.back());
  Wide random = 1;
  for (std::size_t i = layers.size(); i-- > 0;) {
    const LayerMap& layer = layers[i];
    Wide gradient = random, delta = random * layer.act.slope_square;
    if (follows_alignment) {
      gradient = std::max(gradient, residual.gradient(layer.output));
      delta = delta * (gradient / random);
      if (layer.residual) delta = std::max(delta, residual.delta(layer, SlopeMoments(layer)));
      if (layer.residual) residual.step_below(layer);
    }
    moments[i] = {gradient, delta, random};
    random *= layer.branch_gain + (layer.residual ? 1 : 0);
  }
  return moments;
}

}  // namespace nanscope
