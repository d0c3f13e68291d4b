#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/names.h"
#include "engine/base/result.h"

// Number formats as plain values, without LibTorch.
namespace nanscope {

/// How a format codes NaN.
enum class NanCoding {
  ieee,           ///< the highest exponent: mantissa 0 is infinity, all others are NaN
  all_ones,       ///< only exponent and mantissa of all ones: e4m3, e8m0
  negative_zero,  ///< only the code that would be -0, so that there is no -0: fnuz
  none,           ///< there is no NaN: e2m3, e3m2, e2m1, int8
};

template <>
struct Names<NanCoding> {
  static constexpr std::array<std::pair<NanCoding, std::string_view>, 4> all{
      {{NanCoding::ieee, "ieee"},
       {NanCoding::all_ones, "all-ones"},
       {NanCoding::negative_zero, "negative-zero"},
       {NanCoding::none, "none"}}};
};

/// What becomes of a value beyond the largest one.
enum class Overflow {
  infinity,  ///< what the format has there: infinity, else NaN, else its largest value
  saturate,  ///< its largest value, also for an infinity
};

template <>
struct Names<Overflow> {
  static constexpr std::array<std::pair<Overflow, std::string_view>, 2> all{
      {{Overflow::infinity, "infinity"}, {Overflow::saturate, "saturate"}}};
};

/// A binary number format. A code is, from the highest bit: sign, exponent field e, mantissa field
/// m. It stands for
///   (-1)^sign * 2^(e - bias) * (1 + m / 2^mantissa_bits)     normal
///   (-1)^sign * 2^(1 - bias) * m / 2^mantissa_bits           subnormal or zero: e = 0
/// or, if `is_integer`, for a number in two's complement times `scale`. Every value of a format is
/// a double.
struct NumberFormat {
  std::string name;  ///< "bf16", or the text that parse_format() read: "e5m7:bias=20"
  bool has_sign = true;
  int exponent_bits = 8;
  int mantissa_bits = 23;
  int bias = 127;
  bool has_zero = true;        ///< without one (e8m0) e = 0 is one more power of two
  bool has_subnormals = true;  ///< without them all codes with e = 0 are zero
  bool has_infinity = true;    ///< the same as nan == NanCoding::ieee
  NanCoding nan = NanCoding::ieee;
  Overflow overflow = Overflow::infinity;  ///< PyTorch's cast to it: e4m3 saturates
  bool is_integer = false;
  double scale = 1;               ///< of an integer: the step between values, a fp32 number
  double largest = 0;             ///< largest finite value
  double smallest_normal = 0;     ///< 2^(1-bias)
  double smallest_subnormal = 0;  ///< 2^(1-bias-mantissa_bits); the smallest positive value
  double epsilon = 0;             ///< 2^-mantissa_bits: from 1 to the next value

  /// The bits of a code.
  int bits() const { return (has_sign ? 1 : 0) + exponent_bits + mantissa_bits; }
};

/// fp64 fp32 tf32 bf16 fp16 e4m3 e5m2 e4m3fnuz e5m2fnuz e8m0 e2m3 e3m2 e2m1 int8. e4m3 is OCP's
/// (no infinity, 448 the largest), fp6 and fp4 are e2m3, e3m2 and e2m1, tf32 has 19 bits.
std::span<const NumberFormat> number_formats();

/// The one of number_formats() with this name, or null.
const NumberFormat* find_format(std::string_view name);

/// The format with this name, or one's own: BASE[:OPTION[,OPTION]...]. BASE is a name or eXmY with
/// X bits of exponent and Y of mantissa, in the manner of IEEE 754. Options: bias=N, subnormals,
/// no-subnormals, infinity, no-infinity (NaN is then all ones), nan=all-ones, nan=negative-zero,
/// nan=none, unsigned, saturate; scale=NUMBER of int8. For example "e5m7:bias=20,no-infinity".
/// Blanks may stand where ":" and "," do. The error says what is wrong and what is allowed.
Result<NumberFormat> parse_format(std::string_view text);

/// Decimal digits that the mantissa is worth: (mantissa_bits + 1) log10(2), of a normal number.
double decimal_digits(const NumberFormat& format);

/// Rounds fp32 values in place to the nearest value of a narrower format (ties to even, subnormals
/// kept, overflow as the format has it), bit for bit as ATen's own conversion does; a NaN stays a
/// NaN. Fast for tf32 bf16 fp16 e4m3 e5m2; fp32 and fp64 leave the values alone.
void round_in_place(const NumberFormat& format, float* values, std::size_t count);

}  // namespace nanscope
