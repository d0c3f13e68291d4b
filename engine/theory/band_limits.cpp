#include "engine/theory/band_limits.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/theory/activation_function.h"

namespace nanscope {
namespace {

constexpr double kNormalQuantile = 1.959964;  // 97.5 % of N(0,1)
/// What the expansion leaves out: a quarter of its own, and what it calls 0 for an orthogonal W.
constexpr double kWiden = 1.25;
constexpr double kPerWidth = 3;
/// Where a residual's sum begins to live layer by layer.
constexpr double kWidenWhereResidualsLive = 1.6;

constexpr int kFewestUnits = 24;
constexpr int kDeepest = 4;  // in widths
/// Of log(variance). A chain of layers that scale with their input is a product of independent
/// factors, which stays log-normal; in any other network what differs by whole factors behaves
/// differently, too. So do, sooner, gradients that follow such a signal, where no norm holds it,
/// and those of activations that saturate, which few units let through.
constexpr double kLargestSpread = 1;
constexpr double kLargestSpreadOfProducts = 3;
constexpr double kLargestSpreadOfGradients = 0.5;
/// gelu and silu, half the identity around 0 and relu far out: a signal lives or fades.
constexpr double kLargestSpreadWhereSignalsFade = 0.3;
/// Relative variance of the rows' mean squares.
constexpr double kMostRowSpread = 0.5;
/// Of a band's half width, what roundings may add.
constexpr double kMostRounding = 0.1;

enum class Pass { forward, backward };

/// Whether signals live or fade: without a norm, where an activation has two scales.
bool fades(const NetworkSpec& network) {
  const Activation activation = effective_activation(network.model);
  return network.model.norm == Norm::none && !is_homogeneous(activation) && !is_bounded(activation);
}

double largest_spread(const NetworkSpec& network, Pass pass) {
  const Model& model = network.model;
  const Activation activation = effective_activation(model);
  const bool biased = model.bias && network.init.bias_std > 0;
  const bool normed = model.norm != Norm::none;
  if (is_homogeneous(activation) && !normed && !model.residual && !biased)
    return kLargestSpreadOfProducts;
  if (pass == Pass::forward || (normed && !is_bounded(activation))) return kLargestSpread;
  if (!fades(network)) return kLargestSpreadOfGradients;
  // Beside a residual they soon lie along the signal, in more than the first order of 1/width.
  return model.residual ? -1 : kLargestSpreadWhereSignalsFade;
}

double spread_of(const LogNormal& deviation) {
  return std::sqrt(std::max(0.0, deviation.variance));
}

std::vector<LayerSpread> spreads_of(const std::vector<LayerDeviations>& deviations) {
  std::vector<LayerSpread> spreads;
  for (const LayerDeviations& layer : deviations)
    spreads.push_back({std::max(spread_of(layer.preactivation), spread_of(layer.activation)),
                       std::max(spread_of(layer.activation_grad), spread_of(layer.weight_grad))});
  return spreads;
}

}  // namespace

BandLimits::BandLimits(const NetworkSpec& network, const InputMoments& input,
                       const std::vector<LayerMap>& layers,
                       const std::vector<GradientMoments>& gradients,
                       const std::vector<LayerDeviations>& deviations)
    : network_(network),
      missing_(whole_network(input, layers.front().fan_in)),
      reach_(format_reach(network, layers, gradients, spreads_of(deviations))) {}

std::optional<NoBand> BandLimits::whole_network(const InputMoments& input, int features) const {
  const Model& model = network_.model;
  if (std::min(model.width, features) < kFewestUnits) return NoBand::few_units;
  if (model.depth > kDeepest * model.width) return NoBand::deep;
  if (input.of_samples.variance > kMostRowSpread || input.of_networks.variance > kMostRowSpread)
    return NoBand::rows;
  return std::nullopt;
}

Band BandLimits::forward(std::size_t layer, Wide expected, const LogNormal& deviation) const {
  const bool within = layer < reach_.forward;
  return band(expected, deviation, within ? missing_ : NoBand::format,
              reach_.forward_rounding[layer], largest_spread(network_, Pass::forward), 0);
}

Band BandLimits::backward(std::size_t layer, Wide expected, const LogNormal& deviation) const {
  const bool within = layer >= reach_.backward;
  return band(expected, deviation, within ? missing_ : NoBand::format,
              reach_.backward_rounding[layer], largest_spread(network_, Pass::backward),
              left_out_backward(layer));
}

/// The part along u that a norm takes off what an orthogonal W brings, in every layer above.
double BandLimits::left_out_backward(std::size_t layer) const {
  const Model& model = network_.model;
  if (network_.init.scheme != InitScheme::orthogonal || model.norm == Norm::none) return 0;
  const auto above = static_cast<double>(reach_.backward_rounding.size() - 1 - layer);
  return above / model.width;
}

Band BandLimits::band(Wide expected, const LogNormal& deviation, std::optional<NoBand> missing,
                      double rounding, double largest, double left_out) const {
  const double spread = spread_of(deviation);
  const bool lives = fades(network_) && network_.model.residual;
  const double widen = lives ? kWidenWhereResidualsLive : kWiden;
  const double half =
      widen * kNormalQuantile * spread + kPerWidth / network_.model.width + left_out;
  if (!(expected > 0))
    missing = NoBand::no_signal;
  else if (!missing && !(spread <= largest))
    missing = NoBand::spread;
  else if (!missing && !(rounding <= kMostRounding * half))
    missing = NoBand::format;
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (missing) return {kNone, to_double(expected), kNone, missing};
  return {to_double(expected * std::exp(Wide{deviation.mean - half})), to_double(expected),
          to_double(expected * std::exp(Wide{deviation.mean + half})), std::nullopt};
}

}  // namespace nanscope
