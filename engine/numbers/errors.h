#pragma once

#include <cmath>
#include <limits>
#include <string>

// How far a value is from the number that was typed.
namespace nanscope {

struct ExactNumber;

/// An error, computed exactly and rounded once, but to no 0 where there is one.
struct ExactError {
  double value = 0;
  std::string digits = {};  ///< "1e-400" where fp64 has no normal number for it, else ""

  bool is_a_number() const { return std::isfinite(value) || !digits.empty(); }

  /// The digits, or the value as `number` prints it.
  template <typename Number>
  std::string text(Number&& number) const {
    return digits.empty() ? number(value) : digits;
  }
};

/// All are 0 if value and number are the same infinity or both NaN, NaN if one is NaN, infinite if
/// one is infinite.
struct Errors {
  ExactError absolute;  ///< |value - typed|
  ExactError relative;  ///< |value - typed| / |typed|; infinite against a typed 0
  ExactError in_ulps;   ///< |value - typed| / ulp
};

/// `ulp` is that of the value; without it the error in ulps is NaN.
Errors errors_of(double value, const ExactNumber& typed,
                 double ulp = std::numeric_limits<double>::quiet_NaN());

}  // namespace nanscope
