#include "engine/theory/sample_pairs.h"

#include <algorithm>
#include <cmath>

namespace nanscope {

PairCorrelation PairCorrelation::with(double mean, double variance) {
  mean = std::clamp(mean, -1.0, 1.0);
  variance = std::clamp(variance, 0.0, 1 - mean * mean);
  const double spread = std::sqrt(variance);
  const double room = 1 - std::abs(mean);
  if (spread <= room) return {{mean - spread, mean, mean + spread}, {0.5, 0, 0.5}};
  // c = +-1 with probability p, and the point that leaves mean and variance as they are.
  const double p = variance / (variance + room * room);
  const double other = room > 0 ? variance / room : 0;
  return {{std::copysign(1.0, mean), mean, mean - std::copysign(other, mean)}, {p, 0, 1 - p}};
}

PairCorrelation PairCorrelation::widely(double mean, double variance) {
  const double spread = std::sqrt(std::max(0.0, variance));
  const double distance = std::min(std::sqrt(3.0) * spread, 1 - std::abs(mean));
  if (spread > distance || distance <= 0) return with(mean, variance);
  const double outer = 0.5 * variance / (distance * distance);
  return {{mean - distance, mean, mean + distance}, {outer, 1 - 2 * outer, outer}};
}

PairCorrelation PairCorrelation::affine(double share, double offset) const {
  PairCorrelation result = *this;
  for (double& x : result.c) x = std::clamp(share * x + offset, -1.0, 1.0);
  return result;
}

}  // namespace nanscope
