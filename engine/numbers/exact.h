#pragma once

#include <gmpxx.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/numbers/conversion.h"

// Numbers without rounding: what a person typed, as a fraction of whole numbers (GMP).
namespace nanscope {

/// A rational number with the sign of zero, an infinity or NaN.
struct ExactNumber {
  enum class Kind { finite, infinity, nan };
  Kind kind = Kind::finite;
  bool negative = false;  ///< also of zero and NaN
  mpq_class magnitude;    ///< not negative, in lowest terms; of a finite number
};

/// Reads a number as people write it:
///   0.1  -2.5e-3  1_000  0xff  0x1.8p3  0b1.01  inf  nan  -0
/// and exact arithmetic with + - * / ^ (or **) and parentheses: 1/3, 2^-24, -2^-24*1.5, 1+2^-10.
/// Powers bind tightest and take whole exponents. sqrt, exp, log (natural), log2, log10, abs, pi
/// and e are the nearest double where they are no fraction (number_functions.h): sqrt(2/256). The
/// error names the position, what was expected and, for a misspelt word, what may have been meant;
/// numbers of more than 65,536 bits are refused, so that nothing takes long.
Result<ExactNumber> parse_number(std::string_view text);

/// A double as an exact number.
ExactNumber exact(double value);

/// The same as for doubles, rounded once from the exact value.
double round_to(const NumberFormat& format, const ExactNumber& value,
                const Conversion& conversion = {});
std::uint64_t encode(const NumberFormat& format, const ExactNumber& value,
                     const Conversion& conversion = {});

/// The double nearest to the number.
double nearest_double(const ExactNumber& value);

/// |value - typed|, computed exactly and rounded once, but to no 0. 0 if both are the same infinity
/// or both NaN, NaN if one is NaN.
double absolute_error(double value, const ExactNumber& typed);
/// |value - typed| / |typed|; 0 if there is no error, infinity against a typed 0.
double relative_error(double value, const ExactNumber& typed);
/// |value - typed| / ulp, `ulp` being that of the value.
double error_in_ulps(double value, const ExactNumber& typed, double ulp);

/// The same errors in three digits, "1e-400", where fp64 has no normal number for them; else "".
std::string absolute_error_beyond_fp64(double value, const ExactNumber& typed);
std::string relative_error_beyond_fp64(double value, const ExactNumber& typed);
std::string error_in_ulps_beyond_fp64(double value, const ExactNumber& typed, double ulp);

}  // namespace nanscope
