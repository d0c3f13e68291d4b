#pragma once

#include <vector>

#include "engine/experiment/network.h"

namespace nanscope {

/// What one layer of N units does to one sample with z ~ N(0, sigma^2), act smooth. The mean of
/// act(z)^2 over the units is sigma^2 e^(gain + deviation x), x ~ N(0,1); the mean of act'(z)^2
/// g^2, g normal with mean square 1, is e^(slope + along x + rest y) with another y.
struct LayerLaw {
  float gain = 0;
  float deviation = 0;
  float mean = 0;  ///< E[act] / sqrt(E[act^2])
  float slope = 0;
  float along = 0;
  float rest = 0;
  /// The part of a gradient that lies along h, N times its share of the square: 1 for a random
  /// direction. With r above a layer, the mean of act'^2 g^2 is larger by the factor
  /// 1 + (r - 1) along_slope, and below, before it is divided by that, r is
  /// radial_gain + aligned r.
  float radial_gain = 0;
  float aligned = 1;
  float along_slope = 0;
};

/// LayerLaw by log sigma^2, exact at the entries and interpolated between them. Beyond the table
/// act is linear (below) or relu (above), and the law stays.
class LayerLawTable {
 public:
  /// `conserved`: the share of the mean of z^2 over the units that W keeps from fluctuating.
  LayerLawTable(Activation activation, int units, double conserved);
  LayerLaw at(float log_square) const;

 private:
  static constexpr float kLow = -12, kStep = 0.25f;
  static constexpr int kSize = 97;
  std::vector<LayerLaw> laws_;
};

inline LayerLaw LayerLawTable::at(float log_square) const {
  const float wanted = (log_square - kLow) / kStep;
  // In this order a NaN becomes 0.
  const float position = wanted > 0 ? (wanted < kSize - 1.001f ? wanted : kSize - 1.001f) : 0;
  const int i = static_cast<int>(position);
  const float t = position - static_cast<float>(i);
  const LayerLaw &a = laws_[i], &b = laws_[i + 1];
  return {a.gain + t * (b.gain - a.gain),
          a.deviation + t * (b.deviation - a.deviation),
          a.mean + t * (b.mean - a.mean),
          a.slope + t * (b.slope - a.slope),
          a.along + t * (b.along - a.along),
          a.rest + t * (b.rest - a.rest),
          a.radial_gain + t * (b.radial_gain - a.radial_gain),
          a.aligned + t * (b.aligned - a.aligned),
          a.along_slope + t * (b.along_slope - a.along_slope)};
}

}  // namespace nanscope
