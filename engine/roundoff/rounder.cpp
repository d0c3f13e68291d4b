#include "engine/roundoff/rounder.h"

namespace nanscope {

Rounder::Rounder(const NumberFormat& format, Rounding rounding, std::optional<Overflow> overflow,
                 std::uint64_t seed)
    : format_(format), rounding_(rounding), overflow_(overflow), random_(seed) {
  const bool is_fp64 = format.exponent_bits == 11 && format.mantissa_bits == 52;
  const bool to_nearest = is_fp64 || rounding == Rounding::nearest_even;
  unit_roundoff_ = to_nearest ? format.epsilon / 2 : format.epsilon;
  // Formats without these properties have no number that is normal here: general() does them all.
  smallest_normal_ = format.is_integer || !format.has_sign ? INFINITY : format.smallest_normal;
  largest_ = format.largest;
  dropped_ = 52 - format.mantissa_bits;
  kept_ = ~((std::uint64_t{1} << dropped_) - 1);
  if (is_fp64) {
    path_ = Path::exact;
  } else if (to_nearest && format.has_sign && format.has_subnormals && !format.is_integer &&
             format.mantissa_bits <= 24 && format.exponent_bits <= 10) {
    path_ = Path::nearest;
    below_half_ = (std::uint64_t{1} << (dropped_ - 1)) - 1;
    shifter_ = std::ldexp(1.0, 1 - format.bias + dropped_);
  }
}

double Rounder::beyond(double value) const {
  return std::abs(round_to(format_, value, {Rounding::nearest_even, overflow_, 0}));
}

double Rounder::general(double value) {
  const std::uint64_t random = rounding_ == Rounding::stochastic ? random_.bits() : 0;
  return round_to(format_, value, {rounding_, overflow_, random});
}

}  // namespace nanscope
