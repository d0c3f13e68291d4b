#include "engine/theory/activation_function.h"

#include <cmath>
#include <numbers>

namespace nanscope {
namespace {

constexpr double kLeakySlope = 0.01;

ValueAndSlope gelu(double x) {
  const double cdf = 0.5 * std::erfc(-x / std::numbers::sqrt2);
  const double density = std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
  return {x * cdf, cdf + x * density};
}

ValueAndSlope silu(double x) {
  const double logistic = 1 / (1 + std::exp(-x));
  return {x * logistic, logistic * (1 + x * (1 - logistic))};
}

ValueAndSlope hyperbolic_tangent(double x) {
  if (std::abs(x) > 40) return {std::copysign(1.0, x), 0};  // the slope is below 1e-34
  const double sech = 1 / std::cosh(x);  // 1 - tanh^2 loses all digits in the flat ends
  return {std::tanh(x), sech * sech};
}

}  // namespace

ValueAndSlope evaluate(Activation activation, double x) {
  switch (activation) {
    case Activation::identity:
      return {x, 1};
    case Activation::relu:
      return x > 0 ? ValueAndSlope{x, 1} : ValueAndSlope{0, 0};
    case Activation::leaky_relu:
      return x > 0 ? ValueAndSlope{x, 1} : ValueAndSlope{kLeakySlope * x, kLeakySlope};
    case Activation::gelu:
      return gelu(x);
    case Activation::silu:
      return silu(x);
    case Activation::tanh:
      return hyperbolic_tangent(x);
    case Activation::sigmoid: {  // 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2
      const ValueAndSlope half = hyperbolic_tangent(0.5 * x);
      return {0.5 * half.value, 0.25 * half.slope};
    }
  }
  return {x, 1};
}

double value_at_zero(Activation activation) {
  return activation == Activation::sigmoid ? 0.5 : 0.0;
}

bool is_bounded(Activation activation) {
  return activation == Activation::tanh || activation == Activation::sigmoid;
}

bool is_homogeneous(Activation activation) {
  return activation == Activation::identity || activation == Activation::relu ||
         activation == Activation::leaky_relu;
}

}  // namespace nanscope
