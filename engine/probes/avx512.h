#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/probes/block_sums.h"
#include "engine/probes/distance.h"
#include "engine/probes/measure.h"

// The loops of the statistics that are written out in AVX-512. Call them where has_avx512().
namespace nanscope {

#if defined(__x86_64__)
bool has_avx512();
/// With it the instructions on bytes of 2019 (VBMI, BITALG, GFNI).
bool has_avx512_bytes();
#else
constexpr bool has_avx512() { return false; }
constexpr bool has_avx512_bytes() { return false; }
#endif

BlockSums<float> avx512_block_sums(const float* values, std::size_t count);
BlockSums<double> avx512_block_sums(const double* values, std::size_t count);
BlockSums<float> avx512_quick_sums(const float* values, std::size_t count);
BlockSums<float> avx512_quick_sums_copied(const float* values, std::size_t count, float* copy);
Distance avx512_distance(const float* before, const float* after, std::size_t count);

struct ZeroCount {
  std::int64_t zeros = 0;
  std::uint32_t smallest = 0;  ///< bits of the smallest |x| that is neither 0 nor NaN; or of inf
};
ZeroCount avx512_zeros(const float* values, std::size_t count);
/// avx512_quick_sums() and avx512_zeros() in one pass: `smallest` of the sums is that of the zeros'
/// count.
struct SumsAndZeros {
  BlockSums<float> sums;
  ZeroCount zeros;
};
SumsAndZeros avx512_quick_sums_and_zeros(const float* values, std::size_t count);
/// avx512_quick_sums() and how many |x| have bits below `normal`, zeros among them, in one pass.
/// `smallest` of the sums is not found.
struct SumsAndSmall {
  BlockSums<float> sums;
  std::int64_t zeros = 0, below_normal = 0;
};
SumsAndSmall avx512_quick_sums_and_small(const float* values, std::size_t count,
                                         std::uint32_t normal);

void avx512_widen_fp16(const std::uint16_t* codes, std::size_t count, float* values);

/// count_exponents() for the bits of floats. Call it where has_avx512_bytes().
void avx512_count_exponents(const std::uint32_t* bits, std::size_t count, std::int64_t* bins,
                            Signs signs, float largest);

}  // namespace nanscope
