#include "engine/probes/avx512.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "engine/probes/widen.h"

#define NANSCOPE_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")))

namespace nanscope {

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

// GCC 12 warns about its own intrinsics, whose unused operand is undefined on purpose (GCC bug
// 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
// NOLINTNEXTLINE(clang-diagnostic-unknown-warning-option): g++ only
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

// Written out, because GCC 12 splits the conversion to double in two halves: 5 instructions for 8
// values become 3.
NANSCOPE_AVX512 BlockSums<float> avx512_block_sums(const float* values, std::size_t count) {
  __m512d sum0 = _mm512_setzero_pd(), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  __m512d square0 = sum0, square1 = sum0, square2 = sum0, square3 = sum0;
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  __m512i smallest0 = _mm512_set1_epi32(-1), smallest1 = smallest0;
  __m512i largest0 = _mm512_setzero_si512(), largest1 = largest0;
  const std::size_t whole = count - count % 32;
  for (std::size_t i = 0; i < whole; i += 32) {
    const __m512d x0 = _mm512_cvtps_pd(_mm256_loadu_ps(values + i));
    const __m512d x1 = _mm512_cvtps_pd(_mm256_loadu_ps(values + i + 8));
    const __m512d x2 = _mm512_cvtps_pd(_mm256_loadu_ps(values + i + 16));
    const __m512d x3 = _mm512_cvtps_pd(_mm256_loadu_ps(values + i + 24));
    sum0 = _mm512_add_pd(sum0, x0);
    sum1 = _mm512_add_pd(sum1, x1);
    sum2 = _mm512_add_pd(sum2, x2);
    sum3 = _mm512_add_pd(sum3, x3);
    square0 = _mm512_fmadd_pd(x0, x0, square0);
    square1 = _mm512_fmadd_pd(x1, x1, square1);
    square2 = _mm512_fmadd_pd(x2, x2, square2);
    square3 = _mm512_fmadd_pd(x3, x3, square3);
    const __m512i bits0 = _mm512_and_si512(_mm512_loadu_si512(values + i), magnitude);
    const __m512i bits1 = _mm512_and_si512(_mm512_loadu_si512(values + i + 16), magnitude);
    smallest0 = _mm512_min_epu32(smallest0, bits0);
    smallest1 = _mm512_min_epu32(smallest1, bits1);
    largest0 = _mm512_max_epu32(largest0, bits0);
    largest1 = _mm512_max_epu32(largest1, bits1);
  }
  BlockSums<float> total;
  total.sum =
      _mm512_reduce_add_pd(_mm512_add_pd(_mm512_add_pd(sum0, sum1), _mm512_add_pd(sum2, sum3)));
  total.sum_of_squares = _mm512_reduce_add_pd(
      _mm512_add_pd(_mm512_add_pd(square0, square1), _mm512_add_pd(square2, square3)));
  total.smallest = _mm512_reduce_min_epu32(_mm512_min_epu32(smallest0, smallest1));
  total.largest = _mm512_reduce_max_epu32(_mm512_max_epu32(largest0, largest1));
  return total + portable_block_sums(values + whole, count - whole);
}

NANSCOPE_AVX512 BlockSums<double> avx512_block_sums(const double* values, std::size_t count) {
  __m512d sum0 = _mm512_setzero_pd(), sum1 = sum0, square0 = sum0, square1 = sum0;
  const __m512i magnitude = _mm512_set1_epi64(0x7fffffffffffffff);
  __m512i smallest = _mm512_set1_epi64(-1), largest = _mm512_setzero_si512();
  const std::size_t whole = count - count % 16;
  for (std::size_t i = 0; i < whole; i += 16) {
    const __m512d x0 = _mm512_loadu_pd(values + i);
    const __m512d x1 = _mm512_loadu_pd(values + i + 8);
    sum0 = _mm512_add_pd(sum0, x0);
    sum1 = _mm512_add_pd(sum1, x1);
    square0 = _mm512_fmadd_pd(x0, x0, square0);
    square1 = _mm512_fmadd_pd(x1, x1, square1);
    const __m512i bits0 = _mm512_and_si512(_mm512_castpd_si512(x0), magnitude);
    const __m512i bits1 = _mm512_and_si512(_mm512_castpd_si512(x1), magnitude);
    smallest = _mm512_min_epu64(smallest, _mm512_min_epu64(bits0, bits1));
    largest = _mm512_max_epu64(largest, _mm512_max_epu64(bits0, bits1));
  }
  BlockSums<double> total;
  total.sum = _mm512_reduce_add_pd(_mm512_add_pd(sum0, sum1));
  total.sum_of_squares = _mm512_reduce_add_pd(_mm512_add_pd(square0, square1));
  total.smallest = _mm512_reduce_min_epu64(smallest);
  total.largest = _mm512_reduce_max_epu64(largest);
  return total + portable_block_sums(values + whole, count - whole);
}

NANSCOPE_AVX512 inline __m512d widened_sum(const __m512 (&lanes)[4]) {
  const __m512 x =
      _mm512_add_ps(_mm512_add_ps(lanes[0], lanes[1]), _mm512_add_ps(lanes[2], lanes[3]));
  return _mm512_add_pd(_mm512_cvtps_pd(_mm512_castps512_ps256(x)),
                       _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1)));
}

/// Four lanes of magnitudes, which lane by lane become one.
NANSCOPE_AVX512 inline std::uint32_t least(const __m512i (&lanes)[4]) {
  return _mm512_reduce_min_epu32(
      _mm512_min_epu32(_mm512_min_epu32(lanes[0], lanes[1]), _mm512_min_epu32(lanes[2], lanes[3])));
}
NANSCOPE_AVX512 inline std::uint32_t most(const __m512i (&lanes)[4]) {
  return _mm512_reduce_max_epu32(
      _mm512_max_epu32(_mm512_max_epu32(lanes[0], lanes[1]), _mm512_max_epu32(lanes[2], lanes[3])));
}

// Bound by the conversions, of which a processor does as many of four values in a cycle as of
// eight: 6 cycles for 16 values, where GCC's code takes 9.
NANSCOPE_AVX512 Distance avx512_distance(const float* before, const float* after,
                                         std::size_t count) {
  constexpr std::size_t kChains = 4, kLanes = 4;
  __m256d length[kChains] = {}, change[kChains] = {};
  const std::size_t whole = count - count % (kLanes * kChains);
  for (std::size_t i = 0; i < whole; i += kLanes * kChains)
#pragma GCC unroll 4
    for (std::size_t chain = 0; chain < kChains; ++chain) {
      const __m256d x = _mm256_cvtps_pd(_mm_loadu_ps(before + i + kLanes * chain));
      const __m256d y = _mm256_cvtps_pd(_mm_loadu_ps(after + i + kLanes * chain));
      const __m256d moved = _mm256_sub_pd(y, x);
      length[chain] = _mm256_fmadd_pd(x, x, length[chain]);
      change[chain] = _mm256_fmadd_pd(moved, moved, change[chain]);
    }
  Distance total = portable_distance(before + whole, after + whole, count - whole);
  double lengths[kLanes], changes[kLanes];
  _mm256_storeu_pd(lengths, _mm256_add_pd(_mm256_add_pd(length[0], length[1]),
                                          _mm256_add_pd(length[2], length[3])));
  _mm256_storeu_pd(changes, _mm256_add_pd(_mm256_add_pd(change[0], change[1]),
                                          _mm256_add_pd(change[2], change[3])));
  for (std::size_t lane = 0; lane < kLanes; ++lane)
    total = total + Distance{lengths[lane], changes[lane]};
  return total;
}

// An operation of _mm512_range_ps: the smaller of two magnitudes. It passes over NaNs, which the
// sums tell of.
constexpr int kSmallerMagnitude = 0b1010;

NANSCOPE_AVX512 ZeroCount avx512_zeros(const float* values, std::size_t count) {
  constexpr std::size_t kChains = 4;  // minima under way at a time: they take four cycles each
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  __m512 smallest[kChains];
  for (__m512& chain : smallest) chain = _mm512_set1_ps(std::numeric_limits<float>::infinity());
  std::int64_t nonzeros = 0;
  const std::size_t whole = count - count % (16 * kChains);
  for (std::size_t i = 0; i < whole; i += 16 * kChains)
#pragma GCC unroll 4
    for (std::size_t chain = 0; chain < kChains; ++chain) {
      const __m512 x = _mm512_loadu_ps(values + i + 16 * chain);
      const __mmask16 nonzero = _mm512_test_epi32_mask(_mm512_castps_si512(x), magnitude);
      nonzeros += std::popcount(static_cast<std::uint16_t>(nonzero));
      smallest[chain] =
          _mm512_mask_range_ps(smallest[chain], nonzero, smallest[chain], x, kSmallerMagnitude);
    }
  const __m512 least = _mm512_min_ps(_mm512_min_ps(smallest[0], smallest[1]),
                                     _mm512_min_ps(smallest[2], smallest[3]));
  ZeroCount found;
  found.zeros = static_cast<std::int64_t>(whole) - nonzeros;
  found.smallest = std::bit_cast<std::uint32_t>(_mm512_reduce_min_ps(least));
  for (std::size_t i = whole; i < count; ++i) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(values[i]) & 0x7fffffff;
    found.zeros += bits == 0;
    if (bits != 0) found.smallest = std::min(found.smallest, bits);
  }
  return found;
}

/// What is counted beside sums.
enum class Counted { nothing, zeros, small };

/// What a pass found beside its sums.
struct PassCounts {
  ZeroCount zeros;
  std::int64_t below_normal = 0;
};

// The sums and the magnitudes, which are whole numbers, keep different units of the processor busy:
// 3 cycles for 16 values, where sums in double take 9. To count zeros takes a fourth, and to count
// what is below a format's normal numbers as much more, less what the smallest takes.
template <bool kCopies, Counted kCounted>
NANSCOPE_AVX512 inline BlockSums<float> quick_sums(const float* values, std::size_t count,
                                                   float* copy, std::uint32_t normal,
                                                   PassCounts* found) {
  constexpr std::size_t kChains = 4;
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  const __m512i normals = _mm512_set1_epi32(static_cast<int>(normal));
  __m512d sum = _mm512_setzero_pd(), sum_of_squares = sum;
  __m512i smallest[kChains], largest[kChains];
  std::int64_t nonzeros = 0, below = 0;
  for (std::size_t chain = 0; chain < kChains; ++chain) {
    smallest[chain] = _mm512_set1_epi32(-1);
    largest[chain] = _mm512_setzero_si512();
  }
  const std::size_t whole = count - count % (16 * kChains * kRun);
  for (std::size_t i = 0; i < whole; i += 16 * kChains * kRun) {
    __m512 run[kChains] = {}, squares[kChains] = {};
#pragma GCC unroll 8
    for (std::size_t k = 0; k < kRun; ++k)
#pragma GCC unroll 4
      for (std::size_t chain = 0; chain < kChains; ++chain) {
        const std::size_t at = i + 16 * (kChains * k + chain);
        const __m512 x = _mm512_loadu_ps(values + at);
        if constexpr (kCopies) _mm512_storeu_ps(copy + at, x);
        run[chain] = _mm512_add_ps(run[chain], x);
        squares[chain] = _mm512_fmadd_ps(x, x, squares[chain]);
        const __m512i bits = _mm512_and_si512(_mm512_castps_si512(x), magnitude);
        __mmask16 counts = 0xffff;
        if constexpr (kCounted != Counted::nothing) {
          counts = _mm512_test_epi32_mask(bits, bits);
          nonzeros += std::popcount(static_cast<std::uint16_t>(counts));
        }
        if constexpr (kCounted == Counted::small)
          below +=
              std::popcount(static_cast<std::uint16_t>(_mm512_cmplt_epu32_mask(bits, normals)));
        else
          smallest[chain] = _mm512_mask_min_epu32(smallest[chain], counts, smallest[chain], bits);
        largest[chain] = _mm512_max_epu32(largest[chain], bits);
      }
    sum = _mm512_add_pd(sum, widened_sum(run));
    sum_of_squares = _mm512_add_pd(sum_of_squares, widened_sum(squares));
  }
  if constexpr (kCopies) std::memcpy(copy + whole, values + whole, (count - whole) * sizeof(float));
  BlockSums<float> rest = avx512_block_sums(values + whole, count - whole);
  if constexpr (kCounted != Counted::nothing) {
    found->zeros = avx512_zeros(values + whole, count - whole);
    found->zeros.zeros += static_cast<std::int64_t>(whole) - nonzeros;
    rest.smallest = found->zeros.smallest;
    found->zeros.smallest = std::min(found->zeros.smallest, least(smallest));
  }
  if constexpr (kCounted == Counted::small) {
    for (std::size_t i = whole; i < count; ++i)
      below += (std::bit_cast<std::uint32_t>(values[i]) & 0x7fffffff) < normal;
    found->below_normal = below;
  }
  const BlockSums<float> total{_mm512_reduce_add_pd(sum), _mm512_reduce_add_pd(sum_of_squares),
                               least(smallest), most(largest)};
  return total + rest;
}

NANSCOPE_AVX512 BlockSums<float> avx512_quick_sums(const float* values, std::size_t count) {
  return quick_sums<false, Counted::nothing>(values, count, nullptr, 0, nullptr);
}

NANSCOPE_AVX512 BlockSums<float> avx512_quick_sums_copied(const float* values, std::size_t count,
                                                          float* copy) {
  return quick_sums<true, Counted::nothing>(values, count, copy, 0, nullptr);
}

NANSCOPE_AVX512 SumsAndZeros avx512_quick_sums_and_zeros(const float* values, std::size_t count) {
  PassCounts found;
  const BlockSums<float> sums =
      quick_sums<false, Counted::zeros>(values, count, nullptr, 0, &found);
  return {sums, found.zeros};
}

NANSCOPE_AVX512 SumsAndSmall avx512_quick_sums_and_small(const float* values, std::size_t count,
                                                         std::uint32_t normal) {
  PassCounts found;
  const BlockSums<float> sums =
      quick_sums<false, Counted::small>(values, count, nullptr, normal, &found);
  return {sums, found.zeros.zeros, found.below_normal};
}

NANSCOPE_AVX512 void avx512_widen_fp16(const std::uint16_t* codes, std::size_t count,
                                       float* values) {
  const std::size_t whole = count - count % 16;
  for (std::size_t i = 0; i < whole; i += 16) {
    const __m256i sixteen = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(codes + i));
    _mm512_storeu_ps(values + i, _mm512_cvtph_ps(sixteen));
  }
  portable_widen_fp16(codes + whole, count - whole, values + whole);
}
#pragma GCC diagnostic pop

}  // namespace nanscope
#endif
