#include "engine/probes/block_sums.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "engine/base/function_versions.h"
#include "engine/probes/avx512.h"

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

// The same with the sums of a run in float, eight lanes of them. Their doubles are no vector type:
// one of eight GCC 12 keeps on the stack.
inline __attribute__((always_inline)) BlockSums<float> sums_in_runs(const float* values,
                                                                    std::size_t count) {
  constexpr std::size_t kLanes = 8;
  typedef float Values __attribute__((vector_size(kLanes * sizeof(float))));
  typedef std::uint32_t Magnitudes __attribute__((vector_size(kLanes * sizeof(float))));

  double sum[kLanes] = {}, squares[kLanes] = {};
  Magnitudes smallest = ~Magnitudes{}, largest = {};
  const std::size_t whole = count - count % (kLanes * kRun);
  for (std::size_t i = 0; i < whole; i += kLanes * kRun) {
    Values run_sum = {}, run_squares = {};
    for (std::size_t k = 0; k < kRun; ++k) {
      Values x;
      std::memcpy(&x, values + i + kLanes * k, sizeof x);
      run_sum += x;
      run_squares += x * x;
      const Magnitudes magnitude = reinterpret_cast<Magnitudes>(x) & 0x7fffffffu;
      smallest = magnitude < smallest ? magnitude : smallest;
      largest = magnitude > largest ? magnitude : largest;
    }
    float lanes[kLanes], square_lanes[kLanes];
    std::memcpy(lanes, &run_sum, sizeof lanes);
    std::memcpy(square_lanes, &run_squares, sizeof square_lanes);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sum[lane] += lanes[lane];
      squares[lane] += square_lanes[lane];
    }
  }
  BlockSums<float> total = sums_in_lanes(values + whole, count - whole);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    total.sum += sum[lane];
    total.sum_of_squares += squares[lane];
    total.smallest = std::min<std::uint32_t>(total.smallest, smallest[lane]);
    total.largest = std::max<std::uint32_t>(total.largest, largest[lane]);
  }
  return total;
}

}  // namespace

NANSCOPE_VERSIONS BlockSums<float> portable_block_sums(const float* values, std::size_t count) {
  return sums_in_lanes(values, count);
}

NANSCOPE_VERSIONS BlockSums<double> portable_block_sums(const double* values, std::size_t count) {
  return sums_in_lanes(values, count);
}

NANSCOPE_VERSIONS BlockSums<float> portable_quick_sums(const float* values, std::size_t count) {
  return sums_in_runs(values, count);
}

BlockSums<float> block_sums(const float* values, std::size_t count) {
  return has_avx512() ? avx512_block_sums(values, count) : portable_block_sums(values, count);
}

BlockSums<double> block_sums(const double* values, std::size_t count) {
  return has_avx512() ? avx512_block_sums(values, count) : portable_block_sums(values, count);
}

BlockSums<float> quick_block_sums(const float* values, std::size_t count) {
  return has_avx512() ? avx512_quick_sums(values, count) : portable_quick_sums(values, count);
}

BlockSums<float> quick_block_sums_copied(const float* values, std::size_t count, float* copy) {
  if (has_avx512()) return avx512_quick_sums_copied(values, count, copy);
  std::memcpy(copy, values, count * sizeof(float));
  return portable_quick_sums(values, count);
}

}  // namespace nanscope
