#include "engine/probes/block_sums.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "engine/base/function_versions.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define NANSCOPE_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma")))
#endif

namespace nanscope {
namespace {

template <class T>
inline __attribute__((always_inline)) void add_value(BlockSums<T>& sums, T value) {
  using Bits = typename BitsOf<T>::type;
  constexpr Bits kMagnitude = std::numeric_limits<Bits>::max() >> 1;
  const double x = value;
  const Bits magnitude = std::bit_cast<Bits>(value) & kMagnitude;
  sums.sum += x;
  sums.sum_of_squares += x * x;
  sums.smallest = std::min(sums.smallest, magnitude);
  sums.largest = std::max(sums.largest, magnitude);
}

// GCC's vector types: four doubles and as many values of T. Where the processor has no such
// registers the compiler takes smaller ones.
template <class T>
inline __attribute__((always_inline)) BlockSums<T> sums_in_lanes(const T* values,
                                                                 std::size_t count) {
  using Bits = typename BitsOf<T>::type;
  constexpr std::size_t kLanes = 4;
  typedef double Doubles __attribute__((vector_size(kLanes * sizeof(double))));
  typedef T Values __attribute__((vector_size(kLanes * sizeof(T))));
  typedef Bits Magnitudes __attribute__((vector_size(kLanes * sizeof(T))));
  constexpr Bits kMagnitude = std::numeric_limits<Bits>::max() >> 1;
  constexpr std::size_t kChains = 4;  // additions under way at a time: they take four cycles each

  Doubles sum[kChains] = {}, squares[kChains] = {};
  Magnitudes smallest = ~Magnitudes{}, largest = {};
  const std::size_t whole = count - count % (kLanes * kChains);
  for (std::size_t i = 0; i < whole; i += kLanes * kChains)
    for (std::size_t chain = 0; chain < kChains; ++chain) {
      Values value;
      std::memcpy(&value, values + i + kLanes * chain, sizeof value);
      const Doubles x = __builtin_convertvector(value, Doubles);
      sum[chain] += x;
      squares[chain] += x * x;
      const Magnitudes magnitude = reinterpret_cast<Magnitudes>(value) & kMagnitude;
      smallest = magnitude < smallest ? magnitude : smallest;
      largest = magnitude > largest ? magnitude : largest;
    }
  const Doubles all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
  const Doubles all_squares = (squares[0] + squares[1]) + (squares[2] + squares[3]);
  BlockSums<T> total;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    total.sum += all[lane];
    total.sum_of_squares += all_squares[lane];
    total.smallest = std::min<Bits>(total.smallest, smallest[lane]);
    total.largest = std::max<Bits>(total.largest, largest[lane]);
  }
  for (std::size_t i = whole; i < count; ++i) add_value(total, values[i]);
  return total;
}

#if defined(__x86_64__)
bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

// GCC 12 warns about its own intrinsics, whose unused operand is undefined on purpose (GCC bug
// 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

// Written out, because GCC 12 splits the conversion to double in two halves: 5 instructions for 8
// values become 3.
NANSCOPE_AVX512 BlockSums<float> avx512_sums(const float* values, std::size_t count) {
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
  for (std::size_t i = whole; i < count; ++i) add_value(total, values[i]);
  return total;
}

NANSCOPE_AVX512 BlockSums<double> avx512_sums(const double* values, std::size_t count) {
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
  for (std::size_t i = whole; i < count; ++i) add_value(total, values[i]);
  return total;
}
#pragma GCC diagnostic pop
#endif

template <class T>
BlockSums<T> sums_on_this_processor(const T* values, std::size_t count) {
#if defined(__x86_64__)
  static const bool avx512 = has_avx512();
  if (avx512) return avx512_sums(values, count);
#endif
  return portable_block_sums(values, count);
}

}  // namespace

NANSCOPE_VERSIONS BlockSums<float> portable_block_sums(const float* values, std::size_t count) {
  return sums_in_lanes(values, count);
}

NANSCOPE_VERSIONS BlockSums<double> portable_block_sums(const double* values, std::size_t count) {
  return sums_in_lanes(values, count);
}

BlockSums<float> block_sums(const float* values, std::size_t count) {
  return sums_on_this_processor(values, count);
}

BlockSums<double> block_sums(const double* values, std::size_t count) {
  return sums_on_this_processor(values, count);
}

}  // namespace nanscope
