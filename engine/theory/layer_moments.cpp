#include "engine/theory/layer_moments.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/theory/activation_function.h"

namespace nanscope {
namespace {

constexpr double kSmallestSigma = 1e-8;
constexpr double kLargestSigma = 1e6;
/// Widths that agree to this share one table; it is about the quadrature's own error.
constexpr double kSameSigma = 1e-10;

enum Function { kValue, kSquare, kCube, kSlope, kSlopeSquare, kRadial, kFunctions };
using Functions = std::array<std::vector<double>, kFunctions>;

double average_product(const GaussianNodes& nodes, const std::vector<double>& f,
                       const std::vector<double>& g) {
  double sum = 0;
  for (std::size_t k = 0; k < f.size(); ++k) sum += nodes.weight[k] * f[k] * g[k];
  return sum;
}

/// d/dlog(sigma^2) E[f(sigma t)] = E[f (t^2 - 1)] / 2 and, once more, E[f (t^4 - 4 t^2 + 1)] / 4,
/// by parts; t^2 - 1 = He_2 and t^4 - 4 t^2 + 1 = He_4 + 2 He_2.
Response response(const HermiteCoefficients& a) {
  return {a[2] / std::numbers::sqrt2,
          (std::sqrt(24.0) * a[4] + 2 * std::numbers::sqrt2 * a[2]) / 4};
}

/// The same of log E[f] where E[f] = 1.
Response log_response(const HermiteCoefficients& a) {
  const Response plain = response(a);
  return {plain.first, plain.second - plain.first * plain.first};
}

void set_kernels(const GaussianNodes& nodes, const std::vector<HermiteCoefficients>& basis,
                 Functions& functions, LayerMoments& moments) {
  std::array<HermiteCoefficients, kFunctions> coefficients;
  for (int i = 0; i < kRadial; ++i) coefficients[i] = hermite_coefficients(basis, functions[i]);
  // z act'(z') over sqrt(Var[act]): by Stein's lemma sigma sqrt(E[act'^2] / Var[act]) is E[f t]
  // over the mean of the standardized slope.
  const double scale = coefficients[kValue][1] / coefficients[kSlope][0];
  for (std::size_t k = 0; k < nodes.t.size(); ++k)
    functions[kRadial][k] = scale * nodes.t[k] * functions[kValue][k];
  coefficients[kRadial] = hermite_coefficients(basis, functions[kRadial]);

  moments.value = response(coefficients[kValue]);
  // Var = E[act^2] - E[act]^2: the second derivative has 2 E[act]'^2 less.
  moments.square = log_response(coefficients[kSquare]);
  moments.square.second -= 2 * moments.value.first * moments.value.first;
  moments.slope = log_response(coefficients[kSlopeSquare]);
  const auto kernel = [&](Function f, Function g) {
    return Kernel(coefficients[f], coefficients[g],
                  average_product(nodes, functions[f], functions[g]));
  };
  moments.kernels = {.value = kernel(kValue, kValue),
                     .value_square = kernel(kValue, kSquare),
                     .square = kernel(kSquare, kSquare),
                     .value_cube = kernel(kValue, kCube),
                     .slope = kernel(kSlope, kSlope),
                     .slope_square = kernel(kSlopeSquare, kSlopeSquare),
                     .radial = kernel(kRadial, kSlope),
                     .value_slope_square = kernel(kValue, kSlopeSquare),
                     .square_slope_square = kernel(kSquare, kSlopeSquare)};
}

}  // namespace

/// Up to sigma = 1 the nodes are the same.
void LayerMomentsTable::set_nodes(double sigma) {
  const double wanted = std::max(sigma, 1.0);
  if (wanted == nodes_sigma_) return;
  if (is_homogeneous(activation_))
    nodes_ = kinked_nodes();
  else
    fill_smooth_nodes(wanted, nodes_);
  basis_ = hermite_basis(nodes_);
  for (std::vector<double>& function : functions_) function.resize(nodes_.t.size());
  nodes_sigma_ = wanted;
}

void LayerMomentsTable::tabulate(double sigma) {
  set_nodes(sigma);
  const std::size_t count = nodes_.t.size();
  double mean = 0, square = 0, slope_square = 0, radial = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double t = nodes_.t[k], weight = nodes_.weight[k];
    const ValueAndSlope act = evaluate(activation_, sigma * t);
    const double value = act.value / sigma;
    mean += weight * value;
    square += weight * value * value;
    slope_square += weight * act.slope * act.slope;
    radial += weight * act.slope * act.slope * t * t;
    functions_[kValue][k] = value;
    functions_[kSlope][k] = act.slope;
  }
  const double variance = square - mean * mean;
  for (std::size_t k = 0; k < count; ++k) {
    const double value = (functions_[kValue][k] - mean) / std::sqrt(variance);
    const double slope = functions_[kSlope][k] / std::sqrt(slope_square);
    functions_[kValue][k] = value;
    functions_[kSquare][k] = value * value;
    functions_[kCube][k] = value * value * value;
    functions_[kSlope][k] = slope;
    functions_[kSlopeSquare][k] = slope * slope;
  }
  tabulated_sigma_ = sigma;
  tabulated_.mean = mean;
  tabulated_.variance = variance;
  tabulated_.slope_square = slope_square;
  tabulated_.slope_radial = radial / slope_square;
  set_kernels(nodes_, basis_, functions_, tabulated_);
}

LayerMoments LayerMomentsTable::at(Wide sigma) {
  const double clipped = std::clamp(to_double(std::min<Wide>(sigma, 2 * kLargestSigma)),
                                    kSmallestSigma, kLargestSigma);
  const double wanted = is_homogeneous(activation_) ? 1 : clipped;
  if (std::abs(wanted - tabulated_sigma_) > kSameSigma * wanted) tabulate(wanted);
  return scaled(sigma);
}

LayerMoments LayerMomentsTable::scaled(Wide sigma) const {
  const bool step = is_bounded(activation_) && sigma > kLargestSigma;
  const Wide scale = step ? Wide{kLargestSigma} : sigma;
  LayerMoments moments = tabulated_;
  moments.mean = value_at_zero(activation_) + scale * tabulated_.mean;
  moments.variance = scale * scale * tabulated_.variance;
  if (step) moments.slope_square = tabulated_.slope_square * kLargestSigma / sigma;
  return moments;
}

}  // namespace nanscope
