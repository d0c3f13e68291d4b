#pragma once

#include <algorithm>
#include <cmath>

namespace nanscope {

/// The correlations c of the pairs of different samples in a batch, by their mean and spread. An
/// average over pairs is taken at the two points mean +- spread: exact for polynomials up to c^2.
struct PairCorrelation {
  double mean = 0;
  double spread = 0;  ///< standard deviation over pairs

  double low() const { return std::clamp(mean - spread, -1.0, 1.0); }
  double high() const { return std::clamp(mean + spread, -1.0, 1.0); }
  double mean_square() const { return 0.5 * (low() * low() + high() * high()); }

  template <class Function>
  double average(Function function) const {
    return 0.5 * (function(low()) + function(high()));
  }

  /// The correlations map(c), spread by an independent variance.
  template <class Function>
  PairCorrelation mapped(Function map, double extra_variance) const {
    const double at_low = map(low()), at_high = map(high());
    const double half = 0.5 * (at_high - at_low);
    return {0.5 * (at_low + at_high), std::sqrt(half * half + extra_variance)};
  }
};

/// The variance of a mean over a batch, given the covariance of two samples with correlation c:
/// one sample in B is paired with itself.
template <class Covariance>
double batch_variance(int batch, const PairCorrelation& pairs, Covariance covariance) {
  return covariance(1.0) / batch + (1 - 1.0 / batch) * pairs.average(covariance);
}

}  // namespace nanscope
