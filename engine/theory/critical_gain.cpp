#include "engine/theory/critical_gain.h"

#include <cmath>

#include "engine/theory/activation_function.h"
#include "engine/theory/weights.h"

namespace nanscope {
namespace {

/// What a layer multiplies the mean square of its input by, for each unit of width Var(w); nothing
/// where that depends on the input.
std::optional<double> factor_of(Activation activation) {
  const auto square = [&](double x) { return std::pow(evaluate(activation, x).value, 2); };
  // act(t) = |t| act(+-1), and t^2 is 1 on average.
  if (is_homogeneous(activation)) return (square(1) + square(-1)) / 2;
  if (activation == Activation::tanh) return std::pow(evaluate(activation, 0).slope, 2);
  return std::nullopt;
}

}  // namespace

std::optional<double> critical_gain(const NetworkSpec& network) {
  const Model& model = network.model;
  const bool biased = model.bias && network.init.bias_std > 0;
  if (model.norm != Norm::none || model.residual || biased) return std::nullopt;
  const std::optional<double> factor = factor_of(effective_activation(model));
  if (!factor) return std::nullopt;
  Init init = network.init;
  init.gain = 1;
  return 1 / std::sqrt(*factor * model.width * weight_variance(init, model.width, model.width));
}

}  // namespace nanscope
