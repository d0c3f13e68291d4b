#include "engine/numbers/fate.h"

#include <cmath>

#include "engine/numbers/conversion.h"
#include "engine/numbers/exact.h"
#include "engine/numbers/limits.h"

namespace nanscope {
namespace {

Fate fate_of_infinity(const NumberFormat& format, const ExactNumber& typed, double value) {
  if (std::isinf(value) && std::signbit(value) == typed.negative) return Fate::exact;
  if (typed.negative && !format.has_sign) return Fate::no_sign;
  return format.has_infinity ? Fate::saturated : Fate::no_infinity;
}

Fate fate_of_zero(const ExactNumber& typed, double value) {
  if (value != 0) return Fate::no_zero;  // or NaN
  return typed.negative && !std::signbit(value) ? Fate::lost_zero_sign : Fate::exact;
}

/// Whether the number lies at least a step beyond the last one on its side.
bool is_beyond(const NumberFormat& format, const ExactNumber& typed) {
  const double last = std::abs(last_number(format, typed.negative));
  return typed.magnitude >=
         mpq_class(last) + mpq_class(ulp(format, encode(format, format.largest)));
}

}  // namespace

double last_number(const NumberFormat& format, bool negative) {
  return negative ? lowest(format) : format.largest;
}

Fate fate_of(const NumberFormat& format, const ExactNumber& typed, double value) {
  switch (typed.kind) {
    case ExactNumber::Kind::nan:
      return std::isnan(value) ? Fate::exact : Fate::no_nan;
    case ExactNumber::Kind::infinity:
      return fate_of_infinity(format, typed, value);
    case ExactNumber::Kind::finite:
      break;
  }
  if (typed.magnitude == 0) return fate_of_zero(typed, value);
  if (typed.negative && !format.has_sign) return Fate::no_sign;
  if (!std::isfinite(value)) return Fate::overflowed;
  if (value == 0) return Fate::vanished;
  if (mpq_class(std::abs(value)) == typed.magnitude)
    return Fate::exact;  // its sign is the typed one
  if (!format.has_zero && typed.magnitude < mpq_class(format.smallest_normal))
    return Fate::smallest;
  return value == last_number(format, typed.negative) && is_beyond(format, typed) ? Fate::saturated
                                                                                  : Fate::rounded;
}

}  // namespace nanscope
