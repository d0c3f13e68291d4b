#include "engine/numbers/format.h"

#include <array>
#include <cmath>

namespace nanscope {
namespace {

/// A format in the manner of IEEE 754: the highest exponent is for infinities and NaNs.
NumberFormat ieee_format(std::string_view name, int exponent_bits, int mantissa_bits) {
  const int bias = (1 << (exponent_bits - 1)) - 1;
  NumberFormat format;
  format.name = name;
  format.exponent_bits = exponent_bits;
  format.mantissa_bits = mantissa_bits;
  format.bias = bias;
  format.largest = std::ldexp(2 - std::ldexp(1.0, -mantissa_bits), bias);
  format.smallest_normal = std::ldexp(1.0, 1 - bias);
  format.smallest_subnormal = std::ldexp(1.0, 1 - bias - mantissa_bits);
  format.epsilon = std::ldexp(1.0, -mantissa_bits);
  return format;
}

/// OCP E4M3: the highest exponent holds numbers too, and only S.1111.111 is NaN.
NumberFormat e4m3_format() {
  NumberFormat format = ieee_format("e4m3", 4, 3);
  format.has_infinity = false;
  format.largest = 448;  // S.1111.110 = 1.75 * 2^8
  return format;
}

}  // namespace

std::span<const NumberFormat> number_formats() {
  static const std::array<NumberFormat, 7> formats{
      ieee_format("fp64", 11, 52), ieee_format("fp32", 8, 23), ieee_format("tf32", 8, 10),
      ieee_format("bf16", 8, 7),   ieee_format("fp16", 5, 10), e4m3_format(),
      ieee_format("e5m2", 5, 2)};
  return formats;
}

const NumberFormat* find_format(std::string_view name) {
  for (const NumberFormat& format : number_formats())
    if (format.name == name) return &format;
  return nullptr;
}

}  // namespace nanscope
