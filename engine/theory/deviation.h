#pragma once

#include "engine/theory/sample_pairs.h"
#include "engine/theory/small_algebra.h"

namespace nanscope {

/// How a logarithm differs from that of its infinite-width value: its mean for one sample, and
/// its variance.
struct LogDeviation {
  double mean = 0;
  SamplePair<double> variance;
};

/// A logarithm that deviates as mean + response . x + noise, x the forward state at some layer (see
/// forward_fluctuations.h).
struct Deviation {
  double mean = 0;
  Vector2 response;
  SamplePair<double> noise;  ///< its variance
};

inline SamplePair<double> variance_of(Vector2 response, const SamplePair<Covariance2>& covariance) {
  return {quadratic_form(response, covariance.same), quadratic_form(response, covariance.other)};
}

/// The deviation where x has this mean and covariance.
inline LogDeviation at_state(const Deviation& deviation, Vector2 mean,
                             const SamplePair<Covariance2>& covariance) {
  return {deviation.mean + dot(deviation.response, mean),
          variance_of(deviation.response, covariance) + deviation.noise};
}

}  // namespace nanscope
