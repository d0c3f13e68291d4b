#include "engine/probes/avx512.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#define NANSCOPE_AVX512_BYTES                                                   \
  __attribute__((                                                               \
      target("avx512f,avx512dq,avx512bw,avx512vl,avx512vbmi,avx512bitalg,gfni," \
             "popcnt")))

namespace nanscope {
namespace {

/// Neighbouring binades that are counted in registers; values in others are counted one by one.
constexpr int kWindow = 16;
constexpr std::size_t kVector = 64;    ///< values that are counted at a time
constexpr std::size_t kVectors = 31;   ///< that many counts of at most 8 fit in a byte
constexpr std::size_t kSign = 1 << 8;  ///< first bin of the negative values
constexpr int kMantissaBits = 23;

/// The first exponent field of a window that ends with this binade. Any window counts right.
int window_until(int binade) { return std::clamp(binade + 1 - kWindow, 1, 255 - kWindow); }

/// That of the largest value or, where that is not known, of one whose last binade but one is that
/// of the largest of a few from all over, as the gradient of a dead unit is a row of zeros: it
/// seldom leaves a value out.
int window_begin(const std::uint32_t* bits, std::size_t count, float known) {
  if (known > 0 && known <= std::numeric_limits<float>::max())
    return window_until(static_cast<int>(std::bit_cast<std::uint32_t>(known) >> kMantissaBits));
  // Odd, so that it goes through the columns of a matrix, too.
  const std::size_t stride = (count / kVector) | 1;
  std::uint32_t largest = 0;
  for (std::size_t i = 0; i < count; i += stride) {
    const std::uint32_t size = bits[i] & 0x7fffffff;
    if (size >> kMantissaBits < 0xff) largest = std::max(largest, size);
  }
  return window_until(static_cast<int>(largest >> kMantissaBits) + 1);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // see avx512.cpp
// NOLINTNEXTLINE(clang-diagnostic-unknown-warning-option): g++ only
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

/// Of 32 words the places of their uppermost bytes, twice.
alignas(64) constexpr std::array<std::uint8_t, kVector> kUppermost = [] {
  std::array<std::uint8_t, kVector> places{};
  for (std::size_t i = 0; i < kVector; ++i) places[i] = static_cast<std::uint8_t>(4 * (i % 32) + 3);
  return places;
}();

/// The uppermost byte of each of the 64 words.
NANSCOPE_AVX512_BYTES inline __m512i uppermost_bytes(const __m512i (&words)[4]) {
  const __m512i pick = _mm512_load_si512(kUppermost.data());
  const __m512i low = _mm512_permutex2var_epi8(words[0], pick, words[1]);
  const __m512i high = _mm512_permutex2var_epi8(words[2], pick, words[3]);
  return _mm512_mask_blend_epi64(0b11110000, low, high);
}

/// 8 rows of 8 bytes: byte k of a row is how many of a row's bytes have bit k set.
NANSCOPE_AVX512_BYTES inline __m512i counts_of(__m512i bytes) {
  // The transposed rows: as a matrix of bits, a row times the identity.
  const __m512i identity = _mm512_set1_epi64(static_cast<long long>(0x8040201008040201));
  return _mm512_popcnt_epi8(_mm512_gf2p8affine_epi64_epi8(identity, bytes, 0));
}

/// Adds the rows of counts up.
NANSCOPE_AVX512_BYTES inline void add_rows(__m512i counts, std::int64_t* bins) {
  alignas(64) std::uint8_t rows[kVector];
  _mm512_store_si512(rows, counts);
  __m512i total = _mm512_loadu_si512(bins);
  for (std::size_t row = 0; row < kVector; row += 8)
    total = _mm512_add_epi64(
        total, _mm512_cvtepu8_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(rows + row))));
  _mm512_storeu_si512(bins, total);
}

void count_one(std::uint32_t bits, std::int64_t* bins) {
  if (bits << 1 != 0) ++bins[bits >> kMantissaBits];
}

// A value's exponent becomes a byte with one bit set, bit k for binade k of 8. Eight such bytes,
// transposed, are eight bytes of which byte k has as many bits set as there are values in binade k.
// 20 cycles for 64 values, where a table in memory takes 70; 13 without their signs.
template <Signs kSigns>
NANSCOPE_AVX512_BYTES inline void count_all(const std::uint32_t* bits, std::size_t count,
                                            std::int64_t* bins, float largest) {
  const int begin = window_begin(bits, count, largest);
  const __m512i first = _mm512_set1_epi8(static_cast<char>(begin));
  // Leaves 0 to 15 in the lower four bits, by which the shuffles look up; whatever is larger sets
  // the uppermost bit, for which they give 0.
  const __m512i outside = _mm512_set1_epi8(0x80 - kWindow);
  const __m512i lower_binades =
      _mm512_broadcast_i32x4(_mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0));
  const __m512i upper_binades =
      _mm512_broadcast_i32x4(_mm_setr_epi8(0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, -128));
  const std::size_t whole = count - count % kVector;
  for (std::size_t i = 0; i < whole;) {
    __m512i lower = _mm512_setzero_si512(), upper = lower;
    [[maybe_unused]] __m512i negative_lower = lower, negative_upper = lower;
    for (const std::size_t end = std::min(whole, i + kVector * kVectors); i < end; i += kVector) {
      __m512i words[4], shifted[4];
      for (std::size_t k = 0; k < 4; ++k) {
        words[k] = _mm512_loadu_si512(bits + i + 16 * k);
        shifted[k] = _mm512_slli_epi32(words[k], 1);  // without the sign
      }
      __mmask64 negative = 0;
      if constexpr (kSigns == Signs::apart) negative = _mm512_movepi8_mask(uppermost_bytes(words));
      const __m512i binade =
          _mm512_adds_epu8(_mm512_sub_epi8(uppermost_bytes(shifted), first), outside);
      lower = _mm512_add_epi8(
          lower, counts_of(_mm512_maskz_shuffle_epi8(~negative, lower_binades, binade)));
      upper = _mm512_add_epi8(
          upper, counts_of(_mm512_maskz_shuffle_epi8(~negative, upper_binades, binade)));
      if constexpr (kSigns == Signs::apart) {
        negative_lower = _mm512_add_epi8(
            negative_lower, counts_of(_mm512_maskz_shuffle_epi8(negative, lower_binades, binade)));
        negative_upper = _mm512_add_epi8(
            negative_upper, counts_of(_mm512_maskz_shuffle_epi8(negative, upper_binades, binade)));
      }
      std::uint64_t others = _mm512_movepi8_mask(binade);
      if (others == 0) continue;
      for (std::size_t k = 0; k < 4; ++k)  // zeros are not counted
        others &= ~(std::uint64_t{_mm512_testn_epi32_mask(shifted[k], shifted[k])} << (16 * k));
      for (; others != 0; others &= others - 1)
        count_one(bits[i + static_cast<std::size_t>(std::countr_zero(others))], bins);
    }
    add_rows(lower, bins + begin);
    add_rows(upper, bins + begin + 8);
    if constexpr (kSigns == Signs::apart) {
      add_rows(negative_lower, bins + kSign + begin);
      add_rows(negative_upper, bins + kSign + begin + 8);
    }
  }
  for (std::size_t i = whole; i < count; ++i) count_one(bits[i], bins);
}

}  // namespace

bool has_avx512_bytes() {
  return has_avx512() && __builtin_cpu_supports("avx512vbmi") &&
         __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("gfni");
}

NANSCOPE_AVX512_BYTES void avx512_count_exponents(const std::uint32_t* bits, std::size_t count,
                                                  std::int64_t* bins, Signs signs, float largest) {
  signs == Signs::apart ? count_all<Signs::apart>(bits, count, bins, largest)
                        : count_all<Signs::together>(bits, count, bins, largest);
}
#pragma GCC diagnostic pop

}  // namespace nanscope
#endif
