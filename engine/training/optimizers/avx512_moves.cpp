#include "engine/training/optimizers/moves.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "engine/probes/avx512.h"

// GCC 12 warns about its own intrinsics (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wuninitialized"
// NOLINTNEXTLINE(clang-diagnostic-unknown-warning-option): g++ only
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")

#define NANSCOPE_PART __attribute__((always_inline)) inline

namespace nanscope {
namespace {

struct Vector {
  using Floats = __m512;
  using Some = __mmask16;
  struct All {};
  static constexpr std::size_t kSize = 16;

  NANSCOPE_PART static Some some(std::size_t count) {
    return static_cast<__mmask16>((1U << count) - 1);
  }
  NANSCOPE_PART static Floats load(const float* x, All) { return _mm512_loadu_ps(x); }
  NANSCOPE_PART static Floats load(const float* x, Some some) {
    return _mm512_maskz_loadu_ps(some, x);
  }
  NANSCOPE_PART static void store(float* to, All, Floats x) { _mm512_storeu_ps(to, x); }
  NANSCOPE_PART static void store(float* to, Some some, Floats x) {
    _mm512_mask_storeu_ps(to, some, x);
  }
  NANSCOPE_PART static Floats all(float x) { return _mm512_set1_ps(x); }
  NANSCOPE_PART static Floats add(Floats a, Floats b) { return _mm512_add_ps(a, b); }
  NANSCOPE_PART static Floats sub(Floats a, Floats b) { return _mm512_sub_ps(a, b); }
  NANSCOPE_PART static Floats mul(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
  NANSCOPE_PART static Floats div(Floats a, Floats b) { return _mm512_div_ps(a, b); }
  NANSCOPE_PART static Floats sqrt(Floats a) { return _mm512_sqrt_ps(a); }
  NANSCOPE_PART static Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
  NANSCOPE_PART static Floats max(Floats a, Floats b) { return _mm512_max_ps(a, b); }
  NANSCOPE_PART static Floats max_or_nan(Floats a, Floats b) {
    const __mmask16 unordered = _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q);
    return _mm512_castsi512_ps(_mm512_mask_mov_epi32(_mm512_castps_si512(_mm512_max_ps(a, b)),
                                                     unordered, _mm512_set1_epi32(-1)));
  }
};

NANSCOPE_PART __m512d low(__m512 x) { return _mm512_cvtps_pd(_mm512_castps512_ps256(x)); }
NANSCOPE_PART __m512d high(__m512 x) { return _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1)); }

/// As avx512_quick_sums() and avx512_distance().
class Counts {
 public:
  static constexpr std::size_t kChains = 4;

  NANSCOPE_PART explicit Counts(const DistanceLanes& lanes)
      : length_low_(_mm512_loadu_pd(lanes.length)),
        length_high_(_mm512_loadu_pd(lanes.length + 8)),
        change_low_(_mm512_loadu_pd(lanes.change)),
        change_high_(_mm512_loadu_pd(lanes.change + 8)) {}

  NANSCOPE_PART void begin_run() {
    for (std::size_t chain = 0; chain < kChains; ++chain)
      run_[chain] = squares_[chain] = _mm512_setzero_ps();
  }
  NANSCOPE_PART void add(std::size_t chain, __m512 x) {
    run_[chain] = _mm512_add_ps(run_[chain], x);
    squares_[chain] = _mm512_fmadd_ps(x, x, squares_[chain]);
    const __m512i bits = _mm512_and_si512(_mm512_castps_si512(x), _mm512_set1_epi32(0x7fffffff));
    smallest_ = _mm512_min_epu32(smallest_, bits);
    largest_ = _mm512_max_epu32(largest_, bits);
  }
  NANSCOPE_PART void end_run() {
    sum_ = _mm512_add_pd(sum_, widened_sum(run_));
    sum_of_squares_ = _mm512_add_pd(sum_of_squares_, widened_sum(squares_));
  }
  NANSCOPE_PART void add_distance(__m512 x, __m512 y) {
    add_squares(low(x), low(y), length_low_, change_low_);
    add_squares(high(x), high(y), length_high_, change_high_);
  }
  NANSCOPE_PART void keep(DistanceLanes& lanes) const {
    _mm512_storeu_pd(lanes.length, length_low_);
    _mm512_storeu_pd(lanes.length + 8, length_high_);
    _mm512_storeu_pd(lanes.change, change_low_);
    _mm512_storeu_pd(lanes.change + 8, change_high_);
  }
  /// With the values behind the last run.
  NANSCOPE_PART BlockSums<float> total(const float* rest, std::size_t count) const {
    const BlockSums<float> all{_mm512_reduce_add_pd(sum_), _mm512_reduce_add_pd(sum_of_squares_),
                               _mm512_reduce_min_epu32(smallest_),
                               _mm512_reduce_max_epu32(largest_)};
    return all + avx512_block_sums(rest, count);
  }

 private:
  NANSCOPE_PART static __m512d widened_sum(const __m512 (&lanes)[kChains]) {
    const __m512 x =
        _mm512_add_ps(_mm512_add_ps(lanes[0], lanes[1]), _mm512_add_ps(lanes[2], lanes[3]));
    return _mm512_add_pd(low(x), high(x));
  }
  NANSCOPE_PART static void add_squares(__m512d x, __m512d y, __m512d& length, __m512d& change) {
    const __m512d step = _mm512_sub_pd(y, x);
    length = _mm512_fmadd_pd(x, x, length);
    change = _mm512_fmadd_pd(step, step, change);
  }

  __m512 run_[kChains], squares_[kChains];
  __m512d sum_ = _mm512_setzero_pd(), sum_of_squares_ = _mm512_setzero_pd();
  __m512i smallest_ = _mm512_set1_epi32(-1), largest_ = _mm512_setzero_si512();
  __m512d length_low_, length_high_, change_low_, change_high_;
};

void add_rest(const float* before, const float* after, std::size_t count, DistanceLanes& lanes) {
  lanes.rest = portable_distance(before, after, count);
}

Distance distance_of(const DistanceLanes& lanes) {
  const auto total = [](const double* x, std::size_t lane) {
    return (x[lane] + x[lane + 4]) + (x[lane + 8] + x[lane + 12]);
  };
  Distance all = lanes.rest;
  for (std::size_t lane = 0; lane < 4; ++lane)
    all = all + Distance{total(lanes.length, lane), total(lanes.change, lane)};
  return all;
}

}  // namespace
}  // namespace nanscope

#include "engine/training/optimizers/move_loops.h"

#pragma GCC pop_options

namespace nanscope {

const MoveKernels& avx512_moves() {
  static constexpr MoveKernels kKernels{move_adam, move_sgd, distance_of};
  return kKernels;
}

}  // namespace nanscope
#endif
