#include "engine/theory/weights.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nanscope {

double cut_in_deviations(const Init& init, int fan_in) {
  return init.cut_reading == CutReading::absolute ? init.cut * std::sqrt(fan_in) : init.cut;
}

double share_beyond(double cut) { return std::erfc(cut / std::numbers::sqrt2); }

double truncated_normal_variance(double cut) {
  const double density = std::exp(-0.5 * cut * cut) / std::sqrt(2 * std::numbers::pi);
  return 1 - 2 * cut * density / std::erf(cut / std::numbers::sqrt2);
}

double weight_variance(const Init& init, int fan_in, int fan_out) {
  const double gain_square = init.gain * init.gain;
  switch (init.scheme) {
    case InitScheme::normal:
      return gain_square;
    case InitScheme::inv_sqrt:
      return gain_square / fan_in;
    case InitScheme::truncated:
      return gain_square * truncated_normal_variance(cut_in_deviations(init, fan_in)) / fan_in;
    case InitScheme::xavier:
      return gain_square * 2 / (fan_in + fan_out);
    case InitScheme::kaiming:
      return gain_square * 2 / fan_in;
    case InitScheme::orthogonal:
      return gain_square / std::max(fan_in, fan_out);
  }
  return gain_square;
}

}  // namespace nanscope
