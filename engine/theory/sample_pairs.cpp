#include "engine/theory/sample_pairs.h"

#include <algorithm>
#include <cmath>

namespace nanscope {

PairCorrelation PairCorrelation::with(double mean, double variance) {
  mean = std::clamp(mean, -1.0, 1.0);
  const double spread = std::sqrt(std::max(0.0, variance));
  const double room = 1 - std::abs(mean);
  // An outer point sqrt(3) standard deviations out, nearer at the border of [-1, 1].
  const double distance = std::max(std::min(std::sqrt(3.0) * spread, room), spread);
  const double outer =
      distance > 0 ? std::min(0.5, 0.5 * spread * spread / (distance * distance)) : 0;
  PairCorrelation pairs;
  pairs.c = {std::max(-1.0, mean - distance), mean, std::min(1.0, mean + distance)};
  pairs.probability = {outer, 1 - 2 * outer, outer};
  return pairs;
}

PairCorrelation PairCorrelation::affine(double share, double offset) const {
  PairCorrelation result = *this;
  for (double& x : result.c) x = std::clamp(share * x + offset, -1.0, 1.0);
  return result;
}

}  // namespace nanscope
