#include <bit>
#include <cstdint>

#include "engine/base/function_versions.h"
#include "engine/numbers/conversion.h"
#include "engine/numbers/format.h"

namespace nanscope {
namespace {

constexpr std::uint32_t kInfinityBits = 0x7f800000;

constexpr std::uint32_t bits_of(double value) {
  return std::bit_cast<std::uint32_t>(static_cast<float>(value));
}

/// Rounds the magnitude of a fp32 value to kMantissaBits, ties to even: adding just under half of
/// the last place that stays, plus that place's own bit, carries where it has to.
template <int kMantissaBits>
inline std::uint32_t round_magnitude(std::uint32_t magnitude) {
  constexpr int kDropped = 23 - kMantissaBits;
  constexpr std::uint32_t kBelowHalf = (1u << (kDropped - 1)) - 1;
  const std::uint32_t odd = magnitude >> kDropped & 1;
  return (magnitude + kBelowHalf + odd) & ~((1u << kDropped) - 1);
}

/// Formats with fp32's exponents (tf32, bf16): overflow carries into infinity by itself, and
/// subnormals round like all others.
template <int kMantissaBits>
inline float round_wide(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & 0x7fffffff;
  const std::uint32_t rounded = round_magnitude<kMantissaBits>(magnitude);
  const std::uint32_t result = magnitude > kInfinityBits ? magnitude : rounded;  // a NaN stays
  return std::bit_cast<float>(result | (bits & 0x80000000));
}

/// Formats with fewer exponents than fp32.
/// kLargest: fp32 bits of the largest finite value; kBeyond: what follows it.
template <int kMantissaBits, int kSmallestExponent, std::uint32_t kLargest, std::uint32_t kBeyond>
inline float round_narrow(float value) {
  constexpr std::uint32_t kSmallestNormal = static_cast<std::uint32_t>(kSmallestExponent + 127)
                                            << 23;
  // Below the smallest normal value the step is fixed: the sum with a power of two whose last place
  // is that step is rounded by the processor itself, ties to even.
  constexpr std::uint32_t kShifter =
      static_cast<std::uint32_t>(kSmallestExponent - kMantissaBits + 23 + 127) << 23;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t magnitude = bits & 0x7fffffff;
  const std::uint32_t normal = round_magnitude<kMantissaBits>(magnitude);
  const float shifter = std::bit_cast<float>(kShifter);
  const auto subnormal =
      std::bit_cast<std::uint32_t>((std::bit_cast<float>(magnitude) + shifter) - shifter);
  std::uint32_t result = magnitude < kSmallestNormal ? subnormal : normal;
  result = result > kLargest ? kBeyond : result;
  result = magnitude > kInfinityBits ? magnitude : result;  // a NaN stays
  return std::bit_cast<float>(result | (bits & 0x80000000));
}

NANSCOPE_VERSIONS void round_tf32(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) values[i] = round_wide<10>(values[i]);
}

NANSCOPE_VERSIONS void round_bf16(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) values[i] = round_wide<7>(values[i]);
}

NANSCOPE_VERSIONS void round_fp16(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    values[i] = round_narrow<10, -14, bits_of(65504), kInfinityBits>(values[i]);
}

NANSCOPE_VERSIONS void round_e4m3(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    values[i] = round_narrow<3, -6, bits_of(448), bits_of(448)>(values[i]);
}

NANSCOPE_VERSIONS void round_e5m2(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    values[i] = round_narrow<2, -14, bits_of(57344), kInfinityBits>(values[i]);
}

}  // namespace

void round_in_place(const NumberFormat& format, float* values, std::size_t count) {
  const std::string& name = format.name;
  if (name == "fp32" || name == "fp64") return;
  if (name == "tf32") return round_tf32(values, count);
  if (name == "bf16") return round_bf16(values, count);
  if (name == "fp16") return round_fp16(values, count);
  if (name == "e4m3") return round_e4m3(values, count);
  if (name == "e5m2") return round_e5m2(values, count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(round_to(format, values[i]));
}

}  // namespace nanscope
