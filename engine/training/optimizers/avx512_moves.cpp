// ATen's kernels as its build has them: a product and a sum that it makes one instruction are one
// here, and no others, for which this file is compiled without contraction.
#include "engine/training/optimizers/moves.h"

#if defined(__x86_64__)

#include <immintrin.h>

#include "engine/probes/avx512.h"

#define NANSCOPE_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt")))
#define NANSCOPE_AVX512_PART \
  __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,fma,popcnt"), always_inline)) inline

namespace nanscope {
namespace {

// GCC 12 warns about its own intrinsics (GCC bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
// NOLINTNEXTLINE(clang-diagnostic-unknown-warning-option): g++ only
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

constexpr std::size_t kVector = 16;
constexpr std::size_t kChains = 4;

/// ATen steps eight elements at a time, and the last ones of a parameter one by one, where it adds
/// in another order.
enum class Group { eights, rest };

/// ATen's maximum: of eights NaN where one is, of single elements b only where it is larger.
template <Group kGroup>
NANSCOPE_AVX512_PART __m512 larger(__m512 a, __m512 b) {
  if constexpr (kGroup == Group::rest) return _mm512_max_ps(b, a);
  const __mmask16 unordered = _mm512_cmp_ps_mask(a, b, _CMP_UNORD_Q);
  const __m512i nan = _mm512_set1_epi32(-1);
  return _mm512_castsi512_ps(
      _mm512_mask_mov_epi32(_mm512_castps_si512(_mm512_max_ps(a, b)), unordered, nan));
}

/// a x + b y, of which the latter product is not rounded, or of single elements the former.
template <Group kGroup>
NANSCOPE_AVX512_PART __m512 sum_of_products(__m512 a, __m512 x, __m512 b, __m512 y) {
  return kGroup == Group::rest ? _mm512_fmadd_ps(a, x, _mm512_mul_ps(b, y))
                               : _mm512_fmadd_ps(b, y, _mm512_mul_ps(a, x));
}

/// theta' = theta - step_size m' / (sqrt(v') / root_correction + eps), m' = m + (1 - beta1) (g -
/// m), v' = beta2 v + (1 - beta2) g^2.
template <Group kGroup>
NANSCOPE_AVX512_PART __m512 moved(const AdamMove& move, std::size_t at, __mmask16 mask,
                                  __m512 theta) {
  __m512 g = _mm512_maskz_loadu_ps(mask, move.of.gradient + at);
  if (move.couples) g = _mm512_fmadd_ps(theta, _mm512_set1_ps(move.coupled_decay), g);
  if (move.kept != 1) theta = _mm512_mul_ps(theta, _mm512_set1_ps(move.kept));
  __m512 m = _mm512_maskz_loadu_ps(mask, move.m + at);
  const __m512 more = _mm512_sub_ps(g, m);
  m = move.gradient_share < 0.5F
          ? _mm512_fmadd_ps(_mm512_set1_ps(move.gradient_share), more, m)
          : _mm512_fmadd_ps(_mm512_set1_ps(move.gradient_share - 1.0F), more, g);
  __m512 v = _mm512_maskz_loadu_ps(mask, move.v + at);
  v = sum_of_products<kGroup>(_mm512_set1_ps(move.beta2), v,
                              _mm512_mul_ps(_mm512_set1_ps(move.square_share), g), g);
  _mm512_mask_storeu_ps(move.m + at, mask, m);
  _mm512_mask_storeu_ps(move.v + at, mask, v);
  if (move.largest_v != nullptr) {
    v = larger<kGroup>(_mm512_maskz_loadu_ps(mask, move.largest_v + at), v);
    _mm512_mask_storeu_ps(move.largest_v + at, mask, v);
  }
  const __m512 root = _mm512_div_ps(_mm512_sqrt_ps(v), _mm512_set1_ps(move.root_correction));
  const __m512 size = _mm512_add_ps(root, _mm512_set1_ps(move.eps));
  const __m512 step = _mm512_mul_ps(_mm512_set1_ps(-move.step_size), m);
  return _mm512_add_ps(theta, _mm512_div_ps(step, size));
}

/// theta' = theta - lr u, u = b' = momentum b + (1 - dampening) g; Nesterov: u = g + momentum b'.
template <Group kGroup>
NANSCOPE_AVX512_PART __m512 moved(const SgdMove& move, std::size_t at, __mmask16 mask,
                                  __m512 theta) {
  __m512 g = _mm512_maskz_loadu_ps(mask, move.of.gradient + at);
  if (move.couples) g = _mm512_fmadd_ps(theta, _mm512_set1_ps(move.coupled_decay), g);
  if (move.velocity != nullptr) {
    const __m512 momentum = _mm512_set1_ps(move.momentum);
    __m512 b = g;
    if (!move.first)
      b = sum_of_products<kGroup>(momentum, _mm512_maskz_loadu_ps(mask, move.velocity + at),
                                  _mm512_set1_ps(move.gradient_share), g);
    _mm512_mask_storeu_ps(move.velocity + at, mask, b);
    g = move.nesterov ? _mm512_fmadd_ps(b, momentum, g) : b;
  }
  return _mm512_fmadd_ps(g, _mm512_set1_ps(-move.lr), theta);
}

NANSCOPE_AVX512_PART __m512d widened_low(__m512 x) {
  return _mm512_cvtps_pd(_mm512_castps512_ps256(x));
}
NANSCOPE_AVX512_PART __m512d widened_high(__m512 x) {
  return _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));
}
NANSCOPE_AVX512_PART __m512d widened_sum(const __m512 (&lanes)[kChains]) {
  const __m512 x =
      _mm512_add_ps(_mm512_add_ps(lanes[0], lanes[1]), _mm512_add_ps(lanes[2], lanes[3]));
  return _mm512_add_pd(widened_low(x), widened_high(x));
}

/// DistanceLanes in registers.
struct DistanceVectors {
  __m512d length_low, length_high, change_low, change_high;
};

NANSCOPE_AVX512_PART void add_squares(__m512d x, __m512d y, __m512d& length, __m512d& change) {
  const __m512d step = _mm512_sub_pd(y, x);
  length = _mm512_fmadd_pd(x, x, length);
  change = _mm512_fmadd_pd(step, step, change);
}

/// Moves 16 elements, which were x.
template <class Move>
NANSCOPE_AVX512_PART void move_vector(const Move& move, std::size_t at, __m512 x, float* before,
                                      DistanceVectors& distance) {
  _mm512_storeu_ps(before, x);
  const __m512 y = moved<Group::eights>(move, at, 0xffff, x);
  _mm512_storeu_ps(move.of.theta + at, y);
  add_squares(widened_low(x), widened_low(y), distance.length_low, distance.change_low);
  add_squares(widened_high(x), widened_high(y), distance.length_high, distance.change_high);
}

/// Moves the elements of the mask.
template <Group kGroup, class Move>
NANSCOPE_AVX512_PART void move_some(const Move& move, std::size_t at, __mmask16 mask,
                                    float* before) {
  const __m512 x = _mm512_maskz_loadu_ps(mask, move.of.theta + at);
  _mm512_mask_storeu_ps(before, mask, x);
  _mm512_mask_storeu_ps(move.of.theta + at, mask, moved<kGroup>(move, at, mask, x));
}

/// The elements behind the last 16.
template <class Move>
NANSCOPE_AVX512_PART void move_rest(const Move& move, std::size_t first, std::size_t count,
                                    float* before, DistanceLanes& lanes) {
  const std::size_t eights = count - count % 8;
  if (eights > 0) move_some<Group::eights>(move, first, 0xff, before);
  if (count > eights)
    move_some<Group::rest>(move, first + eights,
                           static_cast<__mmask16>((1U << (count - eights)) - 1), before + eights);
  lanes.rest = portable_distance(before, move.of.theta + first, count);
}

// What takes longest are two divisions and a root, while which everything else is done.
template <class Move>
NANSCOPE_AVX512_PART BlockSums<float> move_block(const Move move, std::size_t first,
                                                 std::size_t count, float* before,
                                                 DistanceLanes& lanes) {
  const __m512i magnitude = _mm512_set1_epi32(0x7fffffff);
  __m512d sum = _mm512_setzero_pd(), sum_of_squares = sum;
  __m512i smallest = _mm512_set1_epi32(-1), largest = _mm512_setzero_si512();
  DistanceVectors distance{_mm512_loadu_pd(lanes.length), _mm512_loadu_pd(lanes.length + 8),
                           _mm512_loadu_pd(lanes.change), _mm512_loadu_pd(lanes.change + 8)};
  const std::size_t runs = count - count % (kVector * kChains * kRun);
  for (std::size_t i = 0; i < runs;) {
    __m512 run[kChains] = {}, squares[kChains] = {};
#pragma GCC unroll 1
    for (std::size_t k = 0; k < kRun; ++k)
#pragma GCC unroll 4
      for (std::size_t chain = 0; chain < kChains; ++chain, i += kVector) {
        const __m512 x = _mm512_loadu_ps(move.of.theta + first + i);
        run[chain] = _mm512_add_ps(run[chain], x);
        squares[chain] = _mm512_fmadd_ps(x, x, squares[chain]);
        const __m512i bits = _mm512_and_si512(_mm512_castps_si512(x), magnitude);
        smallest = _mm512_min_epu32(smallest, bits);
        largest = _mm512_max_epu32(largest, bits);
        move_vector(move, first + i, x, before + i, distance);
      }
    sum = _mm512_add_pd(sum, widened_sum(run));
    sum_of_squares = _mm512_add_pd(sum_of_squares, widened_sum(squares));
  }
  const std::size_t vectors = count - count % kVector;
  for (std::size_t i = runs; i < vectors; i += kVector)
    move_vector(move, first + i, _mm512_loadu_ps(move.of.theta + first + i), before + i, distance);
  _mm512_storeu_pd(lanes.length, distance.length_low);
  _mm512_storeu_pd(lanes.length + 8, distance.length_high);
  _mm512_storeu_pd(lanes.change, distance.change_low);
  _mm512_storeu_pd(lanes.change + 8, distance.change_high);
  if (vectors < count) move_rest(move, first + vectors, count - vectors, before + vectors, lanes);
  const BlockSums<float> total{_mm512_reduce_add_pd(sum), _mm512_reduce_add_pd(sum_of_squares),
                               _mm512_reduce_min_epu32(smallest), _mm512_reduce_max_epu32(largest)};
  return total + avx512_block_sums(before + runs, count - runs);
}

}  // namespace

NANSCOPE_AVX512 BlockSums<float> avx512_move(const AdamMove& move, std::size_t first,
                                             std::size_t count, float* before,
                                             DistanceLanes& lanes) {
  return move_block(move, first, count, before, lanes);
}

NANSCOPE_AVX512 BlockSums<float> avx512_move(const SgdMove& move, std::size_t first,
                                             std::size_t count, float* before,
                                             DistanceLanes& lanes) {
  return move_block(move, first, count, before, lanes);
}
#pragma GCC diagnostic pop

Distance DistanceLanes::total() const {
  Distance all = rest;
  for (std::size_t lane = 0; lane < 4; ++lane)
    all =
        all + Distance{(length[lane] + length[lane + 4]) + (length[lane + 8] + length[lane + 12]),
                       (change[lane] + change[lane + 4]) + (change[lane + 8] + change[lane + 12])};
  return all;
}

}  // namespace nanscope
#endif
