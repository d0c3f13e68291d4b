#include "engine/probes/measure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <random>
#include <vector>

#include "normal_values.h"
#include "tests/engine/same_counts.h"
#include "tests/engine/special_values.h"

namespace nanscope {
namespace {

// Sums of n positive doubles in any order differ by n * 2^-53 relative at worst and by about
// sqrt(n) * 2^-53 in practice; with n = 1e5 that is 4e-14.
constexpr double kMeasureReordering = 1e-13;

constexpr double kSmallestNormal32 = 0x1p-126;
constexpr double kSmallestNormal16 = 0x1p-14;

template <class T>
Statistics statistics_of(const std::vector<T>& values, Storage storage,
                         const MeasureOptions& options = {}) {
  return to_statistics(
      accumulate(values.data(), storage, static_cast<std::int64_t>(values.size()), options));
}

/// The value of a 16-bit code, from the definition of the format.
double decode(std::uint16_t code, int exponent_bits, int mantissa_bits) {
  const int exponent = (code >> mantissa_bits) & ((1 << exponent_bits) - 1);
  const int mantissa = code & ((1 << mantissa_bits) - 1);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double sign = code >> 15 != 0 ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1) return mantissa == 0 ? sign * kInfinity : kNan;
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - mantissa_bits);
  return sign * std::ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits);
}

struct Moments {
  long double mean = 0, variance = 0, rms = 0;
};

template <class T>
Moments moments_by_definition(const std::vector<T>& values) {
  const auto count = static_cast<long double>(values.size());
  Moments moments;
  for (const T value : values) moments.mean += static_cast<long double>(value) / count;
  for (const T value : values) {
    const long double x = value;
    moments.variance += (x - moments.mean) * (x - moments.mean) / count;
    moments.rms += x * x / count;
  }
  moments.rms = std::sqrt(moments.rms);
  return moments;
}

template <class T>
void expect_moments(const std::vector<T>& values, Storage storage) {
  const Statistics measured = statistics_of(values, storage);
  const Moments expected = moments_by_definition(values);
  const auto rms = static_cast<double>(expected.rms);
  const auto variance = static_cast<double>(expected.variance);
  EXPECT_NEAR(measured.mean, static_cast<double>(expected.mean), kMeasureReordering * rms);
  // The means of the parts, whose distances enter the variance, are rounded to 2^-53 of themselves.
  const double rounded_means = variance > 0 ? 0x1p-52 * rms / std::sqrt(variance) : 0;
  EXPECT_NEAR(measured.variance, variance, (kMeasureReordering + rounded_means) * variance);
  EXPECT_NEAR(measured.rms, rms, kMeasureReordering * rms);
  EXPECT_EQ(measured.count, static_cast<std::int64_t>(values.size()));
}

TEST(Measure, MomentsAreThoseOfTheDefinitionForAnySize) {
  for (const std::size_t count : {1u, 2u, 7u, 31u, 32u, 33u, 4095u, 4096u, 4097u, 100000u}) {
    SCOPED_TRACE(count);
    expect_moments(normal_values<float>(count), Storage::fp32);
    expect_moments(normal_values<double>(count), Storage::fp64);
  }
}

TEST(Measure, SixteenBitValuesAreMeasuredAsTheFloatsThatTheyAre) {
  const std::vector<float> values = normal_values<float>(10000);
  std::vector<std::uint16_t> codes;
  std::vector<double> rounded;
  for (const float value : values) {
    codes.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16));
    rounded.push_back(decode(codes.back(), 8, 7));
  }
  const Statistics measured = statistics_of(codes, Storage::bf16);
  const Statistics expected = statistics_of(rounded, Storage::fp64);
  EXPECT_NEAR(measured.mean, expected.mean, kMeasureReordering);
  EXPECT_NEAR(measured.variance, expected.variance, kMeasureReordering);
  EXPECT_EQ(measured.absmax, expected.absmax);
}

TEST(Measure, KeepsTheVarianceOfValuesFarFromZero) {
  // The values as stored are the truth; E[x^2] - mean^2 would lose all digits of the first
  // variance and ten of the second.
  expect_moments(normal_values<double>(50000, 1e9, 1), Storage::fp64);
  expect_moments(normal_values<float>(50000, 1e5, 1), Storage::fp32);
}

TEST(Measure, AConstantHasNoVariance) {
  const Statistics statistics = statistics_of(std::vector<float>(10000, 0.1f), Storage::fp32);
  // The mean itself is rounded to 2^-53 of the value: its square is what may be left.
  EXPECT_LE(statistics.variance, 0.01 * 0x1p-100);
  EXPECT_GE(statistics.variance, 0);
  EXPECT_DOUBLE_EQ(statistics.mean, 0.1f);
}

TEST(Measure, AnInfinityLeavesNoVarianceAndANanNothing) {
  std::vector<float> values = normal_values<float>(10000);
  values[9000] = std::numeric_limits<float>::infinity();
  Statistics statistics = statistics_of(values, Storage::fp32);
  EXPECT_EQ(statistics.mean, kInfinity);
  EXPECT_TRUE(std::isnan(statistics.variance));
  EXPECT_EQ(statistics.rms, kInfinity);
  EXPECT_EQ(statistics.absmax, kInfinity);
  EXPECT_EQ(statistics.positive_infs, 1);

  values[3] = -std::numeric_limits<float>::infinity();
  statistics = statistics_of(values, Storage::fp32);
  EXPECT_TRUE(std::isnan(statistics.mean));
  EXPECT_EQ(statistics.rms, kInfinity);
  EXPECT_EQ(statistics.infs(), 2);
  EXPECT_EQ(statistics.negative_infs, 1);

  values[5000] = std::numeric_limits<float>::quiet_NaN();
  const Accumulator total = accumulate(values.data(), Storage::fp32, 10000, {});
  EXPECT_EQ(total.absmax, kInfinity);
  statistics = to_statistics(total);
  EXPECT_TRUE(std::isnan(statistics.mean));
  EXPECT_TRUE(std::isnan(statistics.rms));
  EXPECT_TRUE(std::isnan(statistics.absmax));
  EXPECT_EQ(statistics.nans, 1);
}

TEST(Measure, NansAreLeftOutOfTheAccumulatedMaximum) {
  const std::vector<float> values{1, std::numeric_limits<float>::quiet_NaN(), -3};
  EXPECT_EQ(accumulate(values.data(), Storage::fp32, 3, {}).absmax, 3);
}

TEST(Measure, FiniteValuesWhoseSquaresOverflowHaveInfiniteVariance) {
  const std::vector<double> values{1e200, -1e200, 3e180};
  const Statistics statistics = statistics_of(values, Storage::fp64);
  EXPECT_EQ(statistics.variance, kInfinity);
  EXPECT_EQ(statistics.rms, kInfinity);
  EXPECT_EQ(statistics.absmax, 1e200);
  EXPECT_TRUE(statistics.finite());
}

TEST(Measure, NothingHasNoStatistics) {
  const Statistics statistics = statistics_of(std::vector<float>{}, Storage::fp32);
  EXPECT_EQ(statistics.count, 0);
  EXPECT_EQ(statistics.mean, 0);
}

struct Format16 {
  Storage storage;
  int exponent_bits, mantissa_bits;
  double smallest_normal;
};
constexpr Format16 kFormats16[] = {{Storage::bf16, 8, 7, kSmallestNormal32},
                                   {Storage::fp16, 5, 10, kSmallestNormal16}};

TEST(Measure, ClassifiesEverySixteenBitCode) {
  for (const Format16& format : kFormats16) {
    MeasureOptions options;
    options.smallest_normal = format.smallest_normal;
    for (int code = 0; code < 0x10000; ++code) {
      const auto bits = static_cast<std::uint16_t>(code);
      const double value = decode(bits, format.exponent_bits, format.mantissa_bits);
      const Accumulator one = accumulate(&bits, format.storage, 1, options);
      const bool subnormal = value != 0 && std::abs(value) < format.smallest_normal;
      ASSERT_EQ(one.zeros, value == 0) << code;
      ASSERT_EQ(one.subnormals, subnormal) << code;
      ASSERT_EQ(one.positive_infs, value == kInfinity) << code;
      ASSERT_EQ(one.negative_infs, value == -kInfinity) << code;
      ASSERT_EQ(one.nans, std::isnan(value)) << code;
      ASSERT_EQ(one.absmax, std::isnan(value) ? 0 : std::abs(value)) << code;
      if (std::isfinite(value)) {
        ASSERT_EQ(one.sum, value) << code;
      }
    }
  }
}

TEST(Measure, CountsSubnormalsOfTheEmulatedFormat) {
  const std::vector<float> values{0.f, -0.f, 0x1p-14f, 0x1.ffcp-15f, -0x1p-24f, 1.f};
  MeasureOptions options;
  options.smallest_normal = kSmallestNormal16;
  const Statistics statistics = statistics_of(values, Storage::fp32, options);
  EXPECT_EQ(statistics.zeros, 2);
  EXPECT_EQ(statistics.subnormals, 2);
}

TEST(Measure, SaturatedValuesLieBeyondTheLimitsAndNotOnThem) {
  MeasureOptions options;
  options.flat_low = -0.97;  // no float: -0.97f is above it
  options.flat_high = 0.5;
  const float low = -0.97f;
  const std::vector<float> values{low,  std::nextafter(low, -1.f),
                                  0.5f, std::nextafter(0.5f, 1.f),
                                  0.1f, std::numeric_limits<float>::quiet_NaN()};
  const std::int64_t below = (low < -0.97) + (std::nextafter(low, -1.f) < -0.97);
  EXPECT_EQ(statistics_of(values, Storage::fp32, options).saturated, below + 1);
  std::vector<double> doubles(values.begin(), values.end());
  EXPECT_EQ(statistics_of(doubles, Storage::fp64, options).saturated, below + 1);
  EXPECT_EQ(statistics_of(values, Storage::fp32).saturated, 0);
}

TEST(Measure, PartsAddUpToTheWhole) {
  std::vector<float> values = normal_values<float>(20000, 3);
  values[123] = 0;
  values[15000] = 0x1p-130f;
  MeasureOptions options;
  options.smallest_normal = kSmallestNormal32;
  options.flat_high = 4;
  const Accumulator whole = accumulate(values.data(), Storage::fp32, 20000, options);
  for (const std::int64_t cut : {0, 1, 5000, 19999, 20000}) {
    const Accumulator sum = accumulate(values.data(), Storage::fp32, cut, options) +
                            accumulate(values.data() + cut, Storage::fp32, 20000 - cut, options);
    EXPECT_NEAR(sum.sum, whole.sum, kMeasureReordering * whole.sum);
    EXPECT_NEAR(sum.squared_deviations, whole.squared_deviations,
                kMeasureReordering * whole.squared_deviations);
    EXPECT_EQ(sum.absmax, whole.absmax);
    EXPECT_EQ(sum.zeros, 1);
    EXPECT_EQ(sum.subnormals, 1);
    EXPECT_EQ(sum.saturated, whole.saturated);
    EXPECT_EQ(sum.count, 20000);
  }
}

void expect_same(const Accumulator& a, const Accumulator& b) {
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  EXPECT_TRUE(same(a.sum, b.sum)) << a.sum << " " << b.sum;
  EXPECT_TRUE(same(a.squared_deviations, b.squared_deviations));
  expect_same_counts(a, b);
}

template <class T>
void expect_copied(const std::vector<T>& values, Storage storage) {
  const auto count = static_cast<std::int64_t>(values.size());
  for (const bool quick : {false, true}) {
    const MeasureOptions options{
        .smallest_normal = kSmallestNormal16, .flat_high = 1, .quick = quick};
    std::vector<T> copy(values.size() + 1, T{7});
    expect_same(accumulate_copied(values.data(), copy.data(), storage, count, options),
                accumulate(values.data(), storage, count, options));
    EXPECT_EQ(std::memcmp(copy.data(), values.data(), values.size() * sizeof(T)), 0);
    EXPECT_EQ(copy.back(), T{7});  // nothing behind it is touched
  }
}

TEST(Measure, WhatIsCopiedIsMeasuredAsItStands) {
  for (const std::size_t count : {0u, 1u, 511u, 512u, 1000u, 8192u, 20000u}) {
    SCOPED_TRACE(count);
    std::vector<float> values = normal_values<float>(count);
    expect_copied(values, Storage::fp32);
    if (count > 0) values[count / 2] = 0;
    expect_copied(values, Storage::fp32);
    std::vector<std::uint16_t> codes;
    for (const float value : values)
      codes.push_back(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16));
    expect_copied(codes, Storage::bf16);
    expect_copied(codes, Storage::fp16);
    if (count > 0) values[count - 1] = std::numeric_limits<float>::quiet_NaN();
    expect_copied(values, Storage::fp32);
    expect_copied(normal_values<double>(count), Storage::fp64);
  }
}

TEST(Measure, ALengthIsThatOfTheDefinition) {
  for (const double mean : {0.0, 100.0}) {
    const std::vector<float> values = normal_values<float>(20000, mean);
    long double squares = 0;
    for (const float value : values) squares += static_cast<long double>(value) * value;
    const auto length = static_cast<double>(squares);
    EXPECT_NEAR(squared_length(accumulate(values.data(), Storage::fp32, 20000, {})), length,
                kMeasureReordering * length);
  }
  EXPECT_EQ(squared_length({}), 0);
}

/// Counts by binade and sign from the definition; values below `smallest_normal` count half of it.
using Binades = std::map<std::pair<int, bool>, std::int64_t>;

Binades binades_by_definition(const std::vector<double>& values, double smallest_normal) {
  Binades binades;
  for (const double value : values)
    if (value != 0 && std::isfinite(value)) {
      const double size = std::max(std::abs(value), smallest_normal / 2);
      ++binades[{std::ilogb(size), std::signbit(value)}];
    }
  return binades;
}

Binades binades_of(const Histogram& histogram) {
  Binades binades;
  for (std::size_t i = 0; i < histogram.positive.size(); ++i) {
    const int exponent = histogram.first_exponent + static_cast<int>(i);
    if (histogram.positive[i] != 0) binades[{exponent, false}] = histogram.positive[i];
    if (histogram.negative[i] != 0) binades[{exponent, true}] = histogram.negative[i];
  }
  return binades;
}

Histogram histogram_of(const void* values, Storage storage, std::size_t count) {
  std::vector<std::int64_t> bins(static_cast<std::size_t>(exponent_bins(storage)));
  count_exponents(values, storage, static_cast<std::int64_t>(count), bins.data());
  return to_histogram(bins.data(), storage);
}

TEST(ExponentHistogram, CountsEverySixteenBitCode) {
  for (const Format16& format : kFormats16) {
    std::vector<std::uint16_t> codes;
    std::vector<double> values;
    for (int code = 0; code < 0x10000; ++code) {
      codes.push_back(static_cast<std::uint16_t>(code));
      values.push_back(decode(codes.back(), format.exponent_bits, format.mantissa_bits));
    }
    EXPECT_EQ(binades_of(histogram_of(codes.data(), format.storage, codes.size())),
              binades_by_definition(values, format.smallest_normal));
  }
}

TEST(ExponentHistogram, CountsFloatsAndDoubles) {
  std::vector<double> doubles = normal_values<double>(70001);
  doubles[5] = 0;
  doubles[6] = -0.0;
  doubles[7] = -0x1p-1074;
  doubles[8] = kInfinity;
  doubles[9] = kNan;
  EXPECT_EQ(binades_of(histogram_of(doubles.data(), Storage::fp64, doubles.size())),
            binades_by_definition(doubles, 0x1p-1022));

  std::vector<float> floats(doubles.begin(), doubles.end());
  floats[10] = 0x1p-149f;
  floats[11] = -0x1p-127f;
  doubles.assign(floats.begin(), floats.end());
  EXPECT_EQ(binades_of(histogram_of(floats.data(), Storage::fp32, floats.size())),
            binades_by_definition(doubles, kSmallestNormal32));
}

/// Floats with every pattern of bits equally often, but NaNs.
std::vector<float> floats_of_any_size(std::size_t count) {
  std::mt19937 generator(7);
  std::vector<float> values(count);
  for (float& value : values) {
    const auto bits = static_cast<std::uint32_t>(generator());
    value = std::bit_cast<float>(bits);
    if (std::isnan(value)) value = std::bit_cast<float>(bits & 0xbfffffff);
  }
  return values;
}

/// How many values are in each binade, of both signs.
std::vector<std::int64_t> sizes_of(const std::vector<float>& values, Signs signs,
                                   double largest = 0) {
  const auto size = static_cast<std::size_t>(exponent_bins(Storage::fp32));
  std::vector<std::int64_t> bins(size);
  count_exponents(values.data(), Storage::fp32, std::ssize(values), bins.data(), signs, largest);
  for (std::size_t i = 0; i < size / 2; ++i) bins[i] += bins[i + size / 2];
  bins.resize(size / 2);
  return bins;
}

// AVX-512 counts 64 values at a time, adds up after 31 times, and expects values of the size of the
// first ones.
TEST(ExponentHistogram, CountsAnyFloatsAfterAnyFirstOne) {
  const std::vector<float> any = floats_of_any_size(5000);
  for (const float first :
       {0.f, 0x1p-149f, 0x1p-126f, 1.f, -3e38f, std::numeric_limits<float>::infinity()})
    for (const std::size_t count : {0, 1, 63, 64, 65, 64 * 31, 64 * 31 + 1, 64 * 32, 5000}) {
      SCOPED_TRACE(testing::Message() << count << " after " << first);
      std::vector<float> values(any.begin(), any.begin() + static_cast<std::ptrdiff_t>(count));
      std::fill_n(values.begin(), std::min<std::size_t>(count, 64), first);
      EXPECT_EQ(binades_of(histogram_of(values.data(), Storage::fp32, count)),
                binades_by_definition({values.begin(), values.end()}, kSmallestNormal32));
      const std::vector<std::int64_t> apart = sizes_of(values, Signs::apart);
      // Whatever is said of the largest one.
      for (const double largest : {0.0, 0x1p-149, 1e-3, 3e38, kInfinity})
        EXPECT_EQ(sizes_of(values, Signs::together, largest), apart) << largest;
    }
}

TEST(ExponentHistogram, IsTrimmedToTheOccupiedBinades) {
  const std::vector<float> values{0, 0.75f, -6, 5};
  const Histogram histogram = histogram_of(values.data(), Storage::fp32, values.size());
  EXPECT_EQ(histogram.first_exponent, -1);
  EXPECT_EQ(histogram.positive, (std::vector<std::int64_t>{1, 0, 0, 1}));
  EXPECT_EQ(histogram.negative, (std::vector<std::int64_t>{0, 0, 0, 1}));
  EXPECT_TRUE(histogram_of(values.data(), Storage::fp32, 1).positive.empty());
}

}  // namespace
}  // namespace nanscope
