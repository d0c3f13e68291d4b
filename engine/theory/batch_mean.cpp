#include "engine/theory/batch_mean.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nanscope {
namespace {

constexpr int kTableSize = 12;
/// Below this s^2 the moments are enough (Fenton-Wilkinson), to 1e-3 in both results.
constexpr double kMomentsSuffice = 0.1;
/// Beyond this s^2 the largest value is the whole sum: log = s max(x) - s^2 / 2 scales with s.
constexpr double kLargestDominates = 40;

}  // namespace

LogNormal cross_terms(double cross, int batch) {
  const double variance = cross * (1 - 1.0 / batch);
  if (variance <= 0) return {};
  // Asymptotic series at k/2 + 2, and the recurrence back.
  const double x = 1 / variance, y = x + 2, r = 1 / (y * y);
  const double digamma = std::log(y) - 0.5 / y - r / 12 + r * r / 120 - 1 / x - 1 / (x + 1);
  const double trigamma =
      1 / y + 0.5 * r + r / (6 * y) - r * r / (30 * y) + 1 / (x * x) + 1 / ((x + 1) * (x + 1));
  return {digamma - std::log(x), trigamma};
}

BatchMean::BatchMean(int batch, double largest)
    : batch_(batch), step_(std::clamp(largest, 0.0, kLargestDominates) / (kTableSize - 1)) {
  if (batch == 1 || largest <= kMomentsSuffice) return;
  table_.reserve(kTableSize);
  for (int i = 0; i < kTableSize; ++i) table_.push_back(integrate(i * step_));
}

LogNormal BatchMean::at(double sample_variance) const {
  const double v = std::max(0.0, sample_variance);
  if (batch_ == 1) return {-0.5 * v, v};
  if (v <= kMomentsSuffice || table_.empty()) {
    const double variance = std::log1p(std::expm1(v) / batch_);
    return {-0.5 * variance, variance};
  }
  if (v > kLargestDominates) {
    const LogNormal edge = table_.back();
    const double scale = v / kLargestDominates;
    return {std::sqrt(scale) * (edge.mean + 0.5 * kLargestDominates) - 0.5 * v,
            scale * edge.variance};
  }
  const int i = std::min(static_cast<int>(v / step_), kTableSize - 2);
  const double weight = std::min(1.0, v / step_ - i);
  const LogNormal &a = table_[i], &b = table_[i + 1];
  return {a.mean + weight * (b.mean - a.mean), a.variance + weight * (b.variance - a.variance)};
}

/// For E ~ Exp(1), P(E / Y > t) = E[exp(-t Y)] = psi(t / B)^B with psi of one log-normal: a
/// survival function of log(E / Y) = log E - log Y, whose mean and variance are those of log Y up
/// to Euler's constant and pi^2 / 6.
LogNormal BatchMean::integrate(double sample_variance) const {
  constexpr int kNodes = 65, kMiddle = 32;
  constexpr double kNodeStep = 0.25, kLogStep = 0.4;
  const double s = std::sqrt(sample_variance);
  std::array<double, kNodes> value, weight;
  for (int k = 0; k < kNodes; ++k) {
    const double x = (k - kMiddle) * kNodeStep;
    value[k] = std::exp(s * x - 0.5 * sample_variance) / batch_;
    weight[k] = kNodeStep * std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi);
  }
  // Survival falls from 1 to 0 between these logarithms of t.
  const double low = -14, high = 4 + 0.5 * sample_variance;
  // E[u] = low + integral of S(u), E[u^2] = low^2 + integral of 2 u S(u), by the midpoint rule,
  // whose only error is that of the slope 2 at the lower end: h^2 / 24 times it.
  double mean = low, second = low * low - kLogStep * kLogStep / 12;
  for (double u = low + 0.5 * kLogStep; u < high; u += kLogStep) {
    const double t = std::exp(u);
    double psi = 0;
    for (int k = 0; k < kNodes; ++k) psi += weight[k] * std::exp(-t * value[k]);
    const double survival = std::pow(std::min(1.0, psi), batch_);
    mean += kLogStep * survival;
    second += kLogStep * 2 * u * survival;
  }
  const double variance = second - mean * mean;
  return {-mean - std::numbers::egamma,
          std::max(0.0, variance - std::numbers::pi * std::numbers::pi / 6)};
}

}  // namespace nanscope
