#pragma once

#include <cstddef>
#include <cstdint>

// 16-bit codes as the floats that they are; every bf16 and fp16 is one.
namespace nanscope {

void widen_bf16(const std::uint16_t* codes, std::size_t count, float* values);
void widen_fp16(const std::uint16_t* codes, std::size_t count, float* values);
/// The same without AVX-512.
void portable_widen_fp16(const std::uint16_t* codes, std::size_t count, float* values);

}  // namespace nanscope
