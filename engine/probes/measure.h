#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

#include "engine/probes/block_sums.h"
#include "engine/probes/statistics.h"

// The statistics kernels, one pass over plain memory, without LibTorch. network/measure_tensor.h
// calls them in parallel on CPU tensors.
namespace nanscope {

enum class Storage { fp64, fp32, bf16, fp16 };

struct MeasureOptions {
  double smallest_normal = 0;  ///< of the number format, which an emulated tensor's storage is not
  /// Values below `flat_low` or above `flat_high` count as saturated.
  double flat_low = -std::numeric_limits<double>::infinity();
  double flat_high = std::numeric_limits<double>::infinity();
  /// Floats may be summed in float over short runs, and the runs in double: twice as fast. Ten
  /// roundings to 2^-24 bound the error of mean / rms and of the variance by 3e-6; as they cancel,
  /// it is 1e-8 or less. A tensor that would lose more digits is summed in double all the same.
  bool quick = false;
  /// Many zeros are expected, as after a ReLU, or subnormal numbers of a narrow format, and are
  /// counted on the way: faster than by a second look where there are some, slower where there are
  /// none. No result depends on it.
  bool zeros = false;
};

/// Moments and counts of a part of a tensor, in double; parts add up.
struct Accumulator {
  double sum = 0;
  /// Sum of (x - mean)^2 with the mean of this part: unlike a sum of squares it loses no digits
  /// where |mean| is much larger than the standard deviation.
  double squared_deviations = 0;
  double absmax = 0;  ///< of the values that are not NaN
  std::int64_t zeros = 0, subnormals = 0, positive_infs = 0, negative_infs = 0, nans = 0;
  std::int64_t saturated = 0, count = 0;
};

Accumulator accumulate(const void* values, Storage storage, std::int64_t count,
                       const MeasureOptions& options);
/// The same, and writes the values to copy[0, count), which does not overlap them.
Accumulator accumulate_copied(const void* values, void* copy, Storage storage, std::int64_t count,
                              const MeasureOptions& options);
/// A block of floats whose quick_block_sums() somebody took who passed over it.
struct PassedBlock {
  BlockSums<float> sums;
  const float* values;  ///< for the second looks that some blocks need
};
/// What accumulate() says of floats, block by block from pass(first value, number of values), in
/// their order.
Accumulator accumulate_passed(std::size_t count, const MeasureOptions& options,
                              const std::function<PassedBlock(std::size_t, std::size_t)>& pass);
/// The most values of such a block.
inline constexpr std::size_t kPassedBlock = 8192;
Accumulator operator+(const Accumulator& a, const Accumulator& b);
Statistics to_statistics(const Accumulator& total);
/// Sum of x^2; NaN where a value is infinite or NaN.
double squared_length(const Accumulator& total);

/// Whether values of both signs are told apart, or all may be counted as positive: in less time.
enum class Signs { apart, together };
/// Adds the counts of a part to dense bins by the storage's sign and exponent bits
/// (512 for fp32 and bf16, 64 for fp16, 4096 for fp64). Zeros are not counted. `largest`: about the
/// largest magnitude, where it is known, which spares a search for it; 0: it is not.
void count_exponents(const void* values, Storage storage, std::int64_t count, std::int64_t* bins,
                     Signs signs = Signs::apart, double largest = 0);
int exponent_bins(Storage storage);
/// Infs and nans among the dense bins.
std::int64_t nonfinite_in(const std::int64_t* bins, Storage storage);
/// The dense bins as a Histogram, trimmed to the occupied binades; infs and nans are left out.
Histogram to_histogram(const std::int64_t* bins, Storage storage);
/// The same with both signs together, as `positive`.
Histogram to_magnitudes(const std::int64_t* bins, Storage storage);

}  // namespace nanscope
