#include "engine/training/optimizers/moves.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include <algorithm>

#pragma GCC push_options
#pragma GCC target("avx2,fma")

#define NANSCOPE_PART __attribute__((always_inline)) inline

namespace nanscope {
namespace {

struct Vector {
  using Floats = __m256;
  using Some = __m256i;
  struct All {};
  static constexpr std::size_t kSize = 8;

  NANSCOPE_PART static Some some(std::size_t count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                              _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
  NANSCOPE_PART static Floats load(const float* x, All) { return _mm256_loadu_ps(x); }
  NANSCOPE_PART static Floats load(const float* x, Some some) {
    return _mm256_maskload_ps(x, some);
  }
  NANSCOPE_PART static void store(float* to, All, Floats x) { _mm256_storeu_ps(to, x); }
  NANSCOPE_PART static void store(float* to, Some some, Floats x) {
    _mm256_maskstore_ps(to, some, x);
  }
  NANSCOPE_PART static Floats all(float x) { return _mm256_set1_ps(x); }
  NANSCOPE_PART static Floats add(Floats a, Floats b) { return _mm256_add_ps(a, b); }
  NANSCOPE_PART static Floats sub(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
  NANSCOPE_PART static Floats mul(Floats a, Floats b) { return _mm256_mul_ps(a, b); }
  NANSCOPE_PART static Floats div(Floats a, Floats b) { return _mm256_div_ps(a, b); }
  NANSCOPE_PART static Floats sqrt(Floats a) { return _mm256_sqrt_ps(a); }
  NANSCOPE_PART static Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
  NANSCOPE_PART static Floats max(Floats a, Floats b) { return _mm256_max_ps(a, b); }
  NANSCOPE_PART static Floats max_or_nan(Floats a, Floats b) {
    return _mm256_or_ps(_mm256_max_ps(a, b), _mm256_cmp_ps(a, b, _CMP_UNORD_Q));
  }
};

NANSCOPE_PART __m256d low(__m256 x) { return _mm256_cvtps_pd(_mm256_castps256_ps128(x)); }
NANSCOPE_PART __m256d high(__m256 x) { return _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1)); }

/// As portable_quick_sums() and portable_distance().
class Counts {
 public:
  static constexpr std::size_t kChains = 1;

  NANSCOPE_PART explicit Counts(const DistanceLanes& lanes)
      : length_low_(_mm256_loadu_pd(lanes.length)),
        length_high_(_mm256_loadu_pd(lanes.length + 4)),
        change_low_(_mm256_loadu_pd(lanes.change)),
        change_high_(_mm256_loadu_pd(lanes.change + 4)) {}

  NANSCOPE_PART void begin_run() { run_ = squares_ = _mm256_setzero_ps(); }
  NANSCOPE_PART void add(std::size_t, __m256 x) {
    run_ = _mm256_add_ps(run_, x);
    squares_ = _mm256_fmadd_ps(x, x, squares_);
    const __m256i bits = _mm256_and_si256(_mm256_castps_si256(x), _mm256_set1_epi32(0x7fffffff));
    smallest_ = _mm256_min_epu32(smallest_, bits);
    largest_ = _mm256_max_epu32(largest_, bits);
  }
  NANSCOPE_PART void end_run() {
    sum_low_ = _mm256_add_pd(sum_low_, low(run_));
    sum_high_ = _mm256_add_pd(sum_high_, high(run_));
    squares_low_ = _mm256_add_pd(squares_low_, low(squares_));
    squares_high_ = _mm256_add_pd(squares_high_, high(squares_));
  }
  NANSCOPE_PART void add_distance(__m256 x, __m256 y) {
    add_squares(low(x), low(y), length_low_, change_low_);
    add_squares(high(x), high(y), length_high_, change_high_);
  }
  NANSCOPE_PART void keep(DistanceLanes& lanes) const {
    _mm256_storeu_pd(lanes.length, length_low_);
    _mm256_storeu_pd(lanes.length + 4, length_high_);
    _mm256_storeu_pd(lanes.change, change_low_);
    _mm256_storeu_pd(lanes.change + 4, change_high_);
  }
  /// With the values behind the last run.
  NANSCOPE_PART BlockSums<float> total(const float* rest, std::size_t count) const {
    double sum[8], squares[8];
    std::uint32_t smallest[8], largest[8];
    _mm256_storeu_pd(sum, sum_low_);
    _mm256_storeu_pd(sum + 4, sum_high_);
    _mm256_storeu_pd(squares, squares_low_);
    _mm256_storeu_pd(squares + 4, squares_high_);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(smallest), smallest_);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(largest), largest_);
    BlockSums<float> all = portable_block_sums(rest, count);
    for (std::size_t lane = 0; lane < 8; ++lane)
      all = all + BlockSums<float>{sum[lane], squares[lane], smallest[lane], largest[lane]};
    return all;
  }

 private:
  NANSCOPE_PART static void add_squares(__m256d x, __m256d y, __m256d& length, __m256d& change) {
    const __m256d step = _mm256_sub_pd(y, x);
    length = _mm256_fmadd_pd(x, x, length);
    change = _mm256_fmadd_pd(step, step, change);
  }

  __m256 run_, squares_;
  __m256d sum_low_ = _mm256_setzero_pd(), sum_high_ = _mm256_setzero_pd();
  __m256d squares_low_ = _mm256_setzero_pd(), squares_high_ = _mm256_setzero_pd();
  __m256i smallest_ = _mm256_set1_epi32(-1), largest_ = _mm256_setzero_si256();
  __m256d length_low_, length_high_, change_low_, change_high_;
};

void add_rest(const float* before, const float* after, std::size_t count, DistanceLanes& lanes) {
  for (std::size_t i = 0; i < count; ++i) {
    const double x = before[i], step = after[i] - x;
    lanes.length[i] = __builtin_fma(x, x, lanes.length[i]);
    lanes.change[i] = __builtin_fma(step, step, lanes.change[i]);
  }
}

Distance distance_of(const DistanceLanes& lanes) {
  Distance all;
  for (std::size_t lane = 0; lane < 8; ++lane)
    all = all + Distance{lanes.length[lane], lanes.change[lane]};
  return all;
}

}  // namespace
}  // namespace nanscope

#include "engine/training/optimizers/move_loops.h"

#pragma GCC pop_options

namespace nanscope {

const MoveKernels& avx2_moves() {
  static constexpr MoveKernels kKernels{move_adam, move_sgd, distance_of};
  return kKernels;
}

}  // namespace nanscope
#endif
