#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "engine/experiment/experiment.h"

// Number formats as plain values, without LibTorch.
namespace nanscope {

/// A binary floating-point format: 1 sign bit, `exponent_bits`, `mantissa_bits`.
struct NumberFormat {
  std::string_view name;  ///< "bf16"
  int exponent_bits = 8;
  int mantissa_bits = 23;
  int bias = 127;
  bool has_infinity =
      true;            ///< without one (e4m3) overflow saturates at `largest`, as PyTorch does
  double largest = 0;  ///< largest finite value
  double smallest_normal = 0;     ///< 2^(1-bias)
  double smallest_subnormal = 0;  ///< 2^(1-bias-mantissa_bits)
  double epsilon = 0;             ///< 2^-mantissa_bits
};

/// The formats that precisions are made of: fp64 fp32 tf32 bf16 fp16 e4m3 e5m2.
std::span<const NumberFormat> number_formats();

/// The format with this name, or null.
const NumberFormat* find_format(std::string_view name);

/// Rounds fp32 values in place to the nearest value of a narrower format (ties to even, subnormals
/// kept, overflow to infinity or, without one, saturated), bit for bit as ATen's own conversion
/// does; a NaN stays a NaN. Formats: tf32 bf16 fp16 e4m3 e5m2; fp32 and fp64 leave them alone.
void round_in_place(const NumberFormat& format, float* values, std::size_t count);

}  // namespace nanscope
