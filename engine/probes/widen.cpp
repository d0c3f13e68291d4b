#include "engine/probes/widen.h"

#include <bit>

#include "engine/base/function_versions.h"
#include "engine/probes/avx512.h"

namespace nanscope {

NANSCOPE_VERSIONS void widen_bf16(const std::uint16_t* codes, std::size_t count, float* values) {
  for (std::size_t i = 0; i < count; ++i)
    values[i] = std::bit_cast<float>(static_cast<std::uint32_t>(codes[i]) << 16);
}

/// fp16 to fp32 by moving the fields and rebiasing the exponent. Infinities and NaNs keep an
/// exponent of all ones; subnormals are their mantissa times 2^-24. Masks instead of branches, so
/// that the loop vectorizes.
NANSCOPE_VERSIONS void portable_widen_fp16(const std::uint16_t* codes, std::size_t count,
                                           float* values) {
  constexpr std::uint32_t kRebias = (127u - 15u) << 23;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code = codes[i];
    const std::uint32_t fields = (code & 0x7fffu) << 13;
    const std::uint32_t special = -static_cast<std::uint32_t>(fields >= (31u << 23));
    const std::uint32_t below_normal = -static_cast<std::uint32_t>(fields < (1u << 23));
    const float subnormal = static_cast<float>(static_cast<std::int32_t>(code & 0x3ffu)) * 0x1p-24f;
    const std::uint32_t normal = fields + kRebias + (special & kRebias);
    const std::uint32_t bits =
        (below_normal & std::bit_cast<std::uint32_t>(subnormal)) | (~below_normal & normal);
    values[i] = std::bit_cast<float>(bits | (code & 0x8000u) << 16);
  }
}

void widen_fp16(const std::uint16_t* codes, std::size_t count, float* values) {
  if (has_avx512())
    avx512_widen_fp16(codes, count, values);
  else
    portable_widen_fp16(codes, count, values);
}

}  // namespace nanscope
