#include "engine/numbers/format.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/numbers/limits.h"

namespace nanscope {
namespace {

NumberFormat ieee(std::string name, int exponent_bits, int mantissa_bits) {
  NumberFormat format;
  format.name = std::move(name);
  format.exponent_bits = exponent_bits;
  format.mantissa_bits = mantissa_bits;
  format.bias = ieee_bias(exponent_bits);
  return with_limits(format);
}

/// All codes are finite, but for those of NaN.
NumberFormat finite(std::string name, int exponent_bits, int mantissa_bits, NanCoding nan,
                    Overflow overflow) {
  NumberFormat format = ieee(std::move(name), exponent_bits, mantissa_bits);
  format.has_infinity = false;
  format.nan = nan;
  format.overflow = overflow;
  return with_limits(format);
}

/// Finite, no -0, NaN in its place, and a bias one higher (Noune et al. 2022, arXiv 2206.02915).
NumberFormat fnuz(std::string name, int exponent_bits, int mantissa_bits) {
  NumberFormat format = finite(std::move(name), exponent_bits, mantissa_bits,
                               NanCoding::negative_zero, Overflow::infinity);
  ++format.bias;
  return with_limits(format);
}

/// The scale of a block in OCP's Microscaling formats: a power of two, 2^-127 to 2^127, or NaN.
NumberFormat e8m0() {
  NumberFormat format = finite("e8m0", 8, 0, NanCoding::all_ones, Overflow::infinity);
  format.has_sign = format.has_zero = format.has_subnormals = false;
  return with_limits(format);
}

NumberFormat int8() {
  NumberFormat format = finite("int8", 0, 7, NanCoding::none, Overflow::saturate);
  format.is_integer = true;
  format.bias = 0;
  return with_limits(format);
}

/// OCP 8-bit Floating Point Specification (e4m3, e5m2), OCP Microscaling Formats (e8m0 to e2m1).
std::vector<NumberFormat> make_formats() {
  return {ieee("fp64", 11, 52),
          ieee("fp32", 8, 23),
          ieee("tf32", 8, 10),
          ieee("bf16", 8, 7),
          ieee("fp16", 5, 10),
          finite("e4m3", 4, 3, NanCoding::all_ones, Overflow::saturate),
          ieee("e5m2", 5, 2),
          fnuz("e4m3fnuz", 4, 3),
          fnuz("e5m2fnuz", 5, 2),
          e8m0(),
          finite("e2m3", 2, 3, NanCoding::none, Overflow::saturate),
          finite("e3m2", 3, 2, NanCoding::none, Overflow::saturate),
          finite("e2m1", 2, 1, NanCoding::none, Overflow::saturate),
          int8()};
}

}  // namespace

std::span<const NumberFormat> number_formats() {
  static const std::vector<NumberFormat> formats = make_formats();
  return formats;
}

const NumberFormat* find_format(std::string_view name) {
  const auto formats = number_formats();
  const auto found = std::ranges::find(formats, name, &NumberFormat::name);
  return found == formats.end() ? nullptr : &*found;
}

double decimal_digits(const NumberFormat& format) {
  return (format.mantissa_bits + 1) * std::log10(2.0);
}

}  // namespace nanscope
