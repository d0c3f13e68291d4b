#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

// The innermost loops of the statistics, over blocks that fit in the first-level cache.
namespace nanscope {

/// The unsigned integer with the bits of T. With the sign bit cleared, the bits of floating-point
/// values are ordered as their magnitudes are, infinities and NaNs last.
template <class T>
struct BitsOf;
template <>
struct BitsOf<float> {
  using type = std::uint32_t;
};
template <>
struct BitsOf<double> {
  using type = std::uint64_t;
};

template <class T>
struct BlockSums {
  using Bits = typename BitsOf<T>::type;
  double sum = 0;
  double sum_of_squares = 0;
  Bits smallest = ~Bits{0};  ///< bits of the smallest |x|
  Bits largest = 0;          ///< bits of the largest |x|; a NaN is larger than infinity

  BlockSums operator+(const BlockSums& other) const {
    return {sum + other.sum, sum_of_squares + other.sum_of_squares,
            std::min(smallest, other.smallest), std::max(largest, other.largest)};
  }
};

/// One pass over values[0, count). Uses AVX-512, AVX2 or plain code, whichever the processor has.
BlockSums<float> block_sums(const float* values, std::size_t count);
BlockSums<double> block_sums(const double* values, std::size_t count);

/// Values of a lane that quick_block_sums() adds in float before it goes on in double.
inline constexpr std::size_t kRun = 8;

/// The same with sums in float over runs of kRun values. No value or square is rounded more than
/// ten times, to 2^-24 of the sum that it is in, on its way into the sums in double.
BlockSums<float> quick_block_sums(const float* values, std::size_t count);
/// The same, and writes the values to copy[0, count).
BlockSums<float> quick_block_sums_copied(const float* values, std::size_t count, float* copy);

/// The same in portable code, without the hand-written AVX-512 loops.
BlockSums<float> portable_block_sums(const float* values, std::size_t count);
BlockSums<double> portable_block_sums(const double* values, std::size_t count);
BlockSums<float> portable_quick_sums(const float* values, std::size_t count);

}  // namespace nanscope
