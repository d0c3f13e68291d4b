#include "engine/probes/measure.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <optional>
#include <type_traits>

#include "engine/base/function_versions.h"
#include "engine/probes/avx512.h"
#include "engine/probes/block_sums.h"
#include "engine/probes/widen.h"

namespace nanscope {
namespace {

/// Values that are summed at a time: 32 KiB, which stay in the first-level cache for the second
/// looks that some blocks need.
template <class T>
constexpr std::size_t kBlock = 32768 / sizeof(T);
static_assert(kBlock<float> == kPassedBlock);
/// 8 KiB of 16-bit codes and 16 KiB of the floats that they become.
constexpr std::size_t kWidenedBlock = 4096;

template <class T>
constexpr
    typename BitsOf<T>::type kMagnitude = std::numeric_limits<typename BitsOf<T>::type>::max() >> 1;

template <class T>
typename BitsOf<T>::type magnitude(T value) {
  return std::bit_cast<typename BitsOf<T>::type>(value) & kMagnitude<T>;
}

/// MeasureOptions in the storage's own type.
template <class T>
struct Limits {
  using Bits = typename BitsOf<T>::type;
  Bits smallest_normal;  ///< bits; at least 1, the smallest magnitude that is not zero
  T low, high;           ///< x < low or x > high is saturated
  bool flat_ends;

  explicit Limits(const MeasureOptions& options)
      : smallest_normal(std::max<Bits>(1, magnitude(static_cast<T>(options.smallest_normal)))),
        // Rounded towards the middle of the range: no T lies between the limit and its rounding.
        low(static_cast<T>(options.flat_low)),
        high(static_cast<T>(options.flat_high)),
        flat_ends(std::isfinite(options.flat_low) || std::isfinite(options.flat_high)) {
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    if (low < options.flat_low) low = std::nextafter(low, kInfinity);
    if (high > options.flat_high) high = std::nextafter(high, -kInfinity);
  }
};

struct SmallCounts {
  std::int64_t zeros, subnormals;
};

/// Bits of the smallest normal number of a float.
constexpr std::uint32_t kSmallestNormal = std::bit_cast<std::uint32_t>(0x1p-126F);

template <class T>
inline __attribute__((always_inline)) SmallCounts small_counts(
    const T* values, std::size_t count, typename BitsOf<T>::type smallest_normal) {
  // Signed numbers, which AVX2 compares in one instruction: of magnitudes the sign bit is clear.
  using Signed = std::make_signed_t<typename BitsOf<T>::type>;
  Signed zeros = 0, below_normal = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = static_cast<Signed>(magnitude(values[i]));
    zeros += bits == 0;
    below_normal += bits < static_cast<Signed>(smallest_normal);
  }
  return {static_cast<std::int64_t>(zeros), static_cast<std::int64_t>(below_normal - zeros)};
}

template <class T>
inline __attribute__((always_inline)) std::int64_t saturated_count(const T* values,
                                                                   std::size_t count, T low,
                                                                   T high) {
  typename BitsOf<T>::type saturated = 0;
  for (std::size_t i = 0; i < count; ++i)
    saturated += static_cast<int>(values[i] < low) | static_cast<int>(values[i] > high);
  return static_cast<std::int64_t>(saturated);
}

template <class T>
struct NonfiniteCounts {
  std::int64_t nans, infs, negative_infs;
  typename BitsOf<T>::type largest;  ///< magnitude of the values that are not NaN
};

/// On the bits, where infinity is the largest number and NaNs lie above it: a network that
/// overflows holds little else, and these loops vectorize.
template <class T>
inline __attribute__((always_inline)) NonfiniteCounts<T> nonfinite_counts(const T* values,
                                                                          std::size_t count) {
  using Bits = typename BitsOf<T>::type;
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  constexpr Bits kInfinityBits = std::bit_cast<Bits>(kInfinity);
  constexpr Bits kNegativeBits = std::bit_cast<Bits>(-kInfinity);
  Bits nans = 0, infs = 0, negative = 0, largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Bits bits = std::bit_cast<Bits>(values[i]);
    const Bits size = bits & kMagnitude<T>;
    const Bits nan = size > kInfinityBits;
    nans += nan;
    infs += size == kInfinityBits;
    negative += bits == kNegativeBits;
    largest = std::max(largest, size & (nan - 1));  // 0 for a NaN
  }
  return {static_cast<std::int64_t>(nans), static_cast<std::int64_t>(infs),
          static_cast<std::int64_t>(negative), largest};
}

template <class T>
inline __attribute__((always_inline)) double squared_deviations(const T* values, std::size_t count,
                                                                double mean) {
  constexpr std::size_t kLanes = 16;
  double lanes[kLanes] = {};
  const std::size_t whole = count - count % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double deviation = values[i + lane] - mean;
      lanes[lane] += deviation * deviation;
    }
  for (std::size_t i = whole; i < count; ++i)
    lanes[i - whole] += (values[i] - mean) * (values[i] - mean);
  double total = 0;
  for (const double lane : lanes) total += lane;
  return total;
}

// Function versions for the processor at hand; templates cannot have them.
NANSCOPE_VERSIONS SmallCounts count_subnormals(const float* x, std::size_t n,
                                               std::uint32_t normal) {
  return small_counts(x, n, normal);
}
NANSCOPE_VERSIONS SmallCounts count_subnormals(const double* x, std::size_t n,
                                               std::uint64_t normal) {
  return small_counts(x, n, normal);
}
NANSCOPE_VERSIONS std::int64_t count_saturated(const float* x, std::size_t n, float low,
                                               float high) {
  return saturated_count(x, n, low, high);
}
NANSCOPE_VERSIONS std::int64_t count_saturated(const double* x, std::size_t n, double low,
                                               double high) {
  return saturated_count(x, n, low, high);
}
NANSCOPE_VERSIONS NonfiniteCounts<float> find_nonfinite(const float* x, std::size_t n) {
  return nonfinite_counts(x, n);
}
NANSCOPE_VERSIONS NonfiniteCounts<double> find_nonfinite(const double* x, std::size_t n) {
  return nonfinite_counts(x, n);
}
NANSCOPE_VERSIONS double deviations_from(double mean, const float* x, std::size_t n) {
  return squared_deviations(x, n, mean);
}
NANSCOPE_VERSIONS double deviations_from(double mean, const double* x, std::size_t n) {
  return squared_deviations(x, n, mean);
}

SmallCounts count_small(const double* values, std::size_t count, std::uint64_t smallest_normal) {
  return count_subnormals(values, count, smallest_normal);
}
/// After ReLU half of the values are zeros, and seldom one is subnormal, but in a narrow format.
SmallCounts count_small(const float* values, std::size_t count, std::uint32_t smallest_normal) {
  if (has_avx512() && smallest_normal <= kSmallestNormal) {
    const ZeroCount found = avx512_zeros(values, count);
    if (found.smallest >= smallest_normal) return {found.zeros, 0};
  }
  return count_subnormals(values, count, smallest_normal);
}

/// Counts infinities and NaNs and finds the largest of the magnitudes that are not NaN.
template <class T>
void count_nonfinite(const T* values, std::size_t count, Accumulator& into) {
  const NonfiniteCounts<T> counts = find_nonfinite(values, count);
  into.nans = counts.nans;
  into.positive_infs = counts.infs - counts.negative_infs;
  into.negative_infs = counts.negative_infs;
  into.absmax = std::bit_cast<T>(counts.largest);
}

/// sum (x - mean)^2 = sum x^2 - (sum x)^2 / n, unless the difference loses more than ten of the 53
/// bits: then the block, which is still in the cache, is read again with its mean.
template <class T>
double block_deviations(const BlockSums<T>& sums, const T* values, std::size_t count) {
  constexpr double kLostAtMost = 1024;
  const double n = static_cast<double>(count);
  const double square_of_sum = sums.sum * sums.sum / n;
  const double difference = sums.sum_of_squares - square_of_sum;
  if (difference * kLostAtMost >= square_of_sum) return difference;
  return deviations_from(sums.sum / n, values, count);
}

/// Whether sums in float keep the digits that MeasureOptions::quick promises: no square overflows
/// or underflows, nothing is infinite or NaN, and the variance is no small difference of the two.
bool quick_sums_hold(const BlockSums<float>& sums, std::size_t count) {
  constexpr double kLargest = 0x1p60, kSmallest = 0x1p-50;  // their squares fit in a float
  if (!std::isfinite(sums.sum_of_squares)) return false;
  const double largest = std::bit_cast<float>(sums.largest);
  if (largest == 0) return true;
  const double square_of_mean = sums.sum * sums.sum / static_cast<double>(count);
  return largest >= kSmallest && largest <= kLargest && 2 * square_of_mean <= sums.sum_of_squares;
}

template <class T>
void copy_values(const T* values, std::size_t count, T* copy) {
  if (copy != nullptr) std::memcpy(copy, values, count * sizeof(T));
}

/// How a tensor's blocks are read, which are much alike.
struct Reading {
  bool quick;  ///< sums in float, until a block is none for them
  bool zeros;  ///< those are counted on the way, as the block before had some
  /// Of a format that is narrower than its storage, whose subnormal numbers are counted with the
  /// zeros; else 0.
  std::uint32_t narrow_normal = 0;
  bool has_counted = false;
  ZeroCount counted = {};
  std::optional<SmallCounts> small = {};

  void forget() {
    has_counted = false;
    small.reset();
  }
};

std::uint32_t narrow_normal(const Limits<float>& limits) {
  return limits.smallest_normal > kSmallestNormal ? limits.smallest_normal : 0;
}
std::uint32_t narrow_normal(const Limits<double>& /*limits*/) { return 0; }

BlockSums<double> sums_of(const double* values, std::size_t count, Reading&, double* copy) {
  copy_values(values, count, copy);
  return block_sums(values, count);
}

BlockSums<float> quick_sums_of(const float* values, std::size_t count, Reading& reading,
                               float* copy) {
  if (copy != nullptr) return quick_block_sums_copied(values, count, copy);
  if (!reading.zeros || !has_avx512()) return quick_block_sums(values, count);
  if (reading.narrow_normal > 0) {
    const SumsAndSmall all = avx512_quick_sums_and_small(values, count, reading.narrow_normal);
    reading.small = {all.zeros, all.below_normal - all.zeros};
    return all.sums;
  }
  const SumsAndZeros both = avx512_quick_sums_and_zeros(values, count);
  reading.counted = both.zeros;
  reading.has_counted = true;
  return both.sums;
}

/// The quick ones where they hold, else those in double.
BlockSums<float> checked_sums(const BlockSums<float>& quick, const float* values, std::size_t count,
                              Reading& reading) {
  reading.quick = quick_sums_hold(quick, count);
  if (reading.quick) return quick;
  reading.forget();
  return block_sums(values, count);
}

BlockSums<float> sums_of(const float* values, std::size_t count, Reading& reading, float* copy) {
  reading.forget();
  if (reading.quick)
    return checked_sums(quick_sums_of(values, count, reading, copy), values, count, reading);
  copy_values(values, count, copy);
  return block_sums(values, count);
}

template <class T>
Accumulator accumulate_summed(const BlockSums<T>& sums, const T* values, std::size_t count,
                              const Limits<T>& limits, Reading& reading) {
  Accumulator block;
  block.count = static_cast<std::int64_t>(count);
  block.sum = sums.sum;
  block.absmax = std::bit_cast<T>(sums.largest);
  if (std::isfinite(block.absmax)) {
    block.squared_deviations = block_deviations(sums, values, count);
  } else {
    block.squared_deviations = std::numeric_limits<double>::quiet_NaN();  // inf - inf, or NaN
    count_nonfinite(values, count, block);
  }
  if (reading.has_counted) block.zeros = reading.counted.zeros;
  if (reading.small) {
    block.zeros = reading.small->zeros;
    block.subnormals = reading.small->subnormals;
  } else if (sums.smallest < limits.smallest_normal) {
    const SmallCounts small = reading.has_counted
                                  ? count_subnormals(values, count, limits.smallest_normal)
                                  : count_small(values, count, limits.smallest_normal);
    block.zeros = small.zeros;
    block.subnormals = small.subnormals;
  }
  reading.zeros = block.zeros > 0 || (reading.narrow_normal > 0 && block.subnormals > 0);
  if (limits.flat_ends) block.saturated = count_saturated(values, count, limits.low, limits.high);
  return block;
}

/// Writes the values to `copy` on its way, unless that is null.
template <class T>
Accumulator accumulate_block(const T* values, std::size_t count, const Limits<T>& limits,
                             Reading& reading, T* copy = nullptr) {
  return accumulate_summed(sums_of(values, count, reading, copy), values, count, limits, reading);
}

using Widen = void (*)(const std::uint16_t*, std::size_t, float*);

Accumulator accumulate_widened(const std::uint16_t* codes, std::size_t count, Widen widen,
                               const MeasureOptions& options, std::uint16_t* copy) {
  const Limits<float> limits(options);
  float values[kWidenedBlock];
  Accumulator total;
  Reading reading{options.quick, options.zeros, narrow_normal(limits)};
  for (std::size_t begin = 0; begin < count; begin += kWidenedBlock) {
    const std::size_t size = std::min(kWidenedBlock, count - begin);
    if (copy != nullptr) copy_values(codes + begin, size, copy + begin);
    widen(codes + begin, size, values);
    total = total + accumulate_block(values, size, limits, reading);
  }
  return total;
}

template <class T>
Accumulator accumulate_blocks(const T* values, std::size_t count, const MeasureOptions& options,
                              T* copy) {
  const Limits<T> limits(options);
  Accumulator total;
  Reading reading{options.quick, options.zeros, narrow_normal(limits)};
  for (std::size_t begin = 0; begin < count; begin += kBlock<T>)
    total = total + accumulate_block(values + begin, std::min(kBlock<T>, count - begin), limits,
                                     reading, copy == nullptr ? nullptr : copy + begin);
  return total;
}

Accumulator accumulate_values(const void* values, void* copy, Storage storage, std::int64_t count,
                              const MeasureOptions& options) {
  const std::size_t size = static_cast<std::size_t>(std::max<std::int64_t>(count, 0));
  const auto blocks = [&]<class T>(const T* all) {
    return accumulate_blocks(all, size, options, static_cast<T*>(copy));
  };
  const auto widened = [&](Widen widen) {
    return accumulate_widened(static_cast<const std::uint16_t*>(values), size, widen, options,
                              static_cast<std::uint16_t*>(copy));
  };
  switch (storage) {
    case Storage::fp64:
      return blocks(static_cast<const double*>(values));
    case Storage::fp32:
      return blocks(static_cast<const float*>(values));
    case Storage::bf16:
      return widened(widen_bf16);
    case Storage::fp16:
      return widened(widen_fp16);
  }
  return {};
}

}  // namespace

Accumulator accumulate(const void* values, Storage storage, std::int64_t count,
                       const MeasureOptions& options) {
  return accumulate_values(values, nullptr, storage, count, options);
}

Accumulator accumulate_copied(const void* values, void* copy, Storage storage, std::int64_t count,
                              const MeasureOptions& options) {
  return accumulate_values(values, copy, storage, count, options);
}

Accumulator accumulate_passed(std::size_t count, const MeasureOptions& options,
                              const std::function<PassedBlock(std::size_t, std::size_t)>& pass) {
  const Limits<float> limits(options);
  Accumulator total;
  Reading reading{options.quick, options.zeros};
  for (std::size_t begin = 0; begin < count; begin += kPassedBlock) {
    const std::size_t size = std::min(kPassedBlock, count - begin);
    const auto [quick, values] = pass(begin, size);
    const BlockSums<float> sums =
        reading.quick ? checked_sums(quick, values, size, reading) : block_sums(values, size);
    total = total + accumulate_summed(sums, values, size, limits, reading);
  }
  return total;
}

// Moments of a union from those of its parts (Chan, Golub and LeVeque 1979):
// S = S_a + S_b + (mean_b - mean_a)^2 n_a n_b / (n_a + n_b).
Accumulator operator+(const Accumulator& a, const Accumulator& b) {
  if (a.count == 0) return b;
  if (b.count == 0) return a;
  const double n_a = static_cast<double>(a.count), n_b = static_cast<double>(b.count);
  const double distance = b.sum / n_b - a.sum / n_a;
  Accumulator both;
  both.count = a.count + b.count;
  both.sum = a.sum + b.sum;
  both.squared_deviations = a.squared_deviations + b.squared_deviations +
                            distance * distance * (n_a * (n_b / (n_a + n_b)));
  both.absmax = std::max(a.absmax, b.absmax);
  both.zeros = a.zeros + b.zeros;
  both.subnormals = a.subnormals + b.subnormals;
  both.positive_infs = a.positive_infs + b.positive_infs;
  both.negative_infs = a.negative_infs + b.negative_infs;
  both.nans = a.nans + b.nans;
  both.saturated = a.saturated + b.saturated;
  return both;
}

Statistics to_statistics(const Accumulator& total) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  Statistics result;
  result.count = total.count;
  result.zeros = total.zeros;
  result.subnormals = total.subnormals;
  result.positive_infs = total.positive_infs;
  result.negative_infs = total.negative_infs;
  result.nans = total.nans;
  result.saturated = total.saturated;
  if (total.count == 0) return result;
  const double n = static_cast<double>(total.count);
  result.mean = total.sum / n;
  result.absmax = total.nans > 0 ? kNan : total.absmax;
  result.variance = total.squared_deviations / n;
  // Finite values whose squares overflow (fp64 only) have an infinite variance, not an undefined
  // one; values with an infinity among them have no mean to deviate from.
  if (result.finite() && std::isnan(result.variance)) result.variance = kInfinity;
  if (!result.finite()) result.variance = kNan;
  result.rms = std::sqrt(result.variance + result.mean * result.mean);
  if (total.nans == 0 && result.infs() > 0) result.rms = kInfinity;
  return result;
}

double squared_length(const Accumulator& total) {
  if (total.count == 0) return 0;
  return total.squared_deviations + total.sum * (total.sum / static_cast<double>(total.count));
}

}  // namespace nanscope
