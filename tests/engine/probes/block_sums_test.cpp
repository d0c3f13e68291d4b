#include "engine/probes/block_sums.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "engine/probes/avx512.h"
#include "engine/probes/measure.h"
#include "engine/probes/widen.h"
#include "normal_values.h"

namespace nanscope {
namespace {

constexpr float kInfinityOfFloat = std::numeric_limits<float>::infinity();
constexpr float kNanOfFloat = std::numeric_limits<float>::quiet_NaN();
constexpr double kSmallestNormal = 0x1p-126;

// Sums of n doubles in any order differ by n * 2^-53 of the sum of magnitudes at worst.
constexpr double kBlockReordering = 1e-12;
// A value and its square go through at most 10 roundings to float before the sums are in double:
// 8 in a lane's run, 2 where lanes are added.
constexpr double kRunRounding = 10 * 0x1p-24;

std::vector<float> after_relu(std::vector<float> values) {
  for (float& value : values) value = std::max(value, 0.f);
  return values;
}

template <class T>
void expect_close(const BlockSums<T>& a, const BlockSums<T>& b, const std::vector<T>& values,
                  double allowed) {
  double magnitudes = 0;
  for (const T value : values) magnitudes += std::abs(static_cast<double>(value));
  EXPECT_NEAR(a.sum, b.sum, allowed * magnitudes);
  EXPECT_NEAR(a.sum_of_squares, b.sum_of_squares, allowed * b.sum_of_squares);
  EXPECT_EQ(a.smallest, b.smallest);
  EXPECT_EQ(a.largest, b.largest);
}

constexpr std::size_t kCounts[] = {1, 15, 16, 64, 255, 512, 1000, 4096, 8191};

TEST(BlockSums, EveryProcessorMeasuresTheSame) {
  for (const std::size_t count : kCounts) {
    SCOPED_TRACE(count);
    const auto floats = normal_values<float>(count);
    const auto doubles = normal_values<double>(count);
    expect_close(block_sums(floats.data(), count), portable_block_sums(floats.data(), count),
                 floats, kBlockReordering);
    expect_close(block_sums(doubles.data(), count), portable_block_sums(doubles.data(), count),
                 doubles, kBlockReordering);
  }
}

TEST(BlockSums, SumsInFloatKeepWithinTheirRoundings) {
  for (const std::size_t count : kCounts)
    for (const auto& values : {normal_values<float>(count), after_relu(normal_values<float>(count)),
                               normal_values<float>(count, 3), std::vector<float>(count, 0.1f)}) {
      SCOPED_TRACE(count);
      const BlockSums<float> exact = block_sums(values.data(), count);
      expect_close(quick_block_sums(values.data(), count), exact, values, kRunRounding);
      expect_close(portable_quick_sums(values.data(), count), exact, values, kRunRounding);
    }
}

Statistics measured(const std::vector<float>& values, bool quick) {
  const MeasureOptions options{.smallest_normal = kSmallestNormal, .quick = quick};
  return to_statistics(
      accumulate(values.data(), Storage::fp32, static_cast<std::int64_t>(values.size()), options));
}

TEST(QuickStatistics, HoldSixDigits) {
  const auto normal = normal_values<float>(100000);
  for (const double scale : {1e-15, 1e-6, 1.0, 1e6, 1e17})
    for (std::vector<float> values : {normal, after_relu(normal)}) {
      for (float& value : values) value = static_cast<float>(scale * value);
      SCOPED_TRACE(scale);
      const Statistics quick = measured(values, true), exact = measured(values, false);
      EXPECT_NEAR(quick.mean, exact.mean, 1e-6 * exact.rms);
      EXPECT_NEAR(quick.variance, exact.variance, 1e-6 * exact.variance);
      EXPECT_EQ(quick.absmax, exact.absmax);
      EXPECT_EQ(quick.zeros, exact.zeros);
    }
}

/// What sums in float would lose is summed in double: the same bits.
void expect_exact(const std::vector<float>& values) {
  const Statistics quick = measured(values, true), exact = measured(values, false);
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  EXPECT_TRUE(same(quick.mean, exact.mean)) << quick.mean << " " << exact.mean;
  EXPECT_TRUE(same(quick.variance, exact.variance)) << quick.variance << " " << exact.variance;
  EXPECT_TRUE(same(quick.rms, exact.rms)) << quick.rms << " " << exact.rms;
  EXPECT_TRUE(same(quick.absmax, exact.absmax)) << quick.absmax << " " << exact.absmax;
  EXPECT_EQ(quick.nans, exact.nans);
  EXPECT_EQ(quick.positive_infs, exact.positive_infs);
  EXPECT_EQ(quick.negative_infs, exact.negative_infs);
}

TEST(QuickStatistics, AreExactWhereFloatsWouldLoseTheVariance) {
  const auto normal = normal_values<float>(20000);
  for (const double scale : {1e-38, 1e-25, 1e20, 1e35}) {
    SCOPED_TRACE(scale);
    std::vector<float> values = normal;
    for (float& value : values) value = static_cast<float>(scale * value);
    expect_exact(values);
  }
  expect_exact(normal_values<float>(20000, 100, 1));
  expect_exact(std::vector<float>(20000, 0.1f));
  expect_exact(std::vector<float>(20000, 0.f));
  std::vector<float> values = normal;
  for (float& value : values) value *= 1e38f;  // finite, but no sum of two in float is
  values[19000] = kInfinityOfFloat;
  expect_exact(values);
  values[50] = -kInfinityOfFloat;
  expect_exact(values);
  values = normal;
  values[7] = kNanOfFloat;
  values[10000] = kNanOfFloat;
  expect_exact(values);
}

TEST(QuickStatistics, AreTheSameWhetherZerosAreExpectedOrNot) {
  for (const std::size_t count : {1u, 63u, 511u, 512u, 8192u, 20000u}) {
    SCOPED_TRACE(count);
    const auto normal = normal_values<float>(count);
    auto small = after_relu(normal);
    small[count / 3] = 0x1p-140f;
    auto nan = after_relu(normal);
    nan[count / 2] = kNanOfFloat;
    // In fp16, and in a format most of whose numbers here would be subnormal, these are counted on
    // the way, too.
    for (const double smallest_normal : {kSmallestNormal, 0x1p-14, 0.5})
      for (const auto& values :
           {normal, after_relu(normal), std::vector<float>(count), small, nan}) {
        MeasureOptions options{.smallest_normal = smallest_normal, .quick = true};
        const auto look = [&] {
          return to_statistics(
              accumulate(values.data(), Storage::fp32, static_cast<std::int64_t>(count), options));
        };
        const Statistics two = look();
        options.zeros = true;
        const Statistics one = look();
        EXPECT_EQ(one.zeros, std::ranges::count(values, 0.f));
        EXPECT_EQ(one.subnormals, std::ranges::count_if(values, [&](float value) {
                    return value != 0 && std::abs(double{value}) < smallest_normal;
                  }));
        EXPECT_EQ(one.zeros, two.zeros);
        EXPECT_EQ(one.subnormals, two.subnormals);
        EXPECT_EQ(one.nans, two.nans);
        if (two.finite()) {
          EXPECT_EQ(one, two);
        }
      }
  }
}

TEST(QuickStatistics, CountZerosAndSubnormalsAnywhere) {
  for (const std::size_t count : {1u, 63u, 64u, 65u, 500u}) {
    SCOPED_TRACE(count);
    for (std::size_t zero = 0; zero < count; zero += 7) {
      auto values = normal_values<float>(count);
      values[zero] = -0.f;
      EXPECT_EQ(measured(values, true).zeros, 1);
      EXPECT_EQ(measured(values, true).subnormals, 0);
      values[count - 1] = 0x1p-149f;
      EXPECT_EQ(measured(values, true).zeros, zero == count - 1 ? 0 : 1);
      EXPECT_EQ(measured(values, true).subnormals, 1);
    }
  }
}

TEST(Widen, EveryCodeIsTheSameOnEveryProcessor) {
  std::vector<std::uint16_t> codes(0x10000);
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::uint16_t>(i);
  codes.push_back(0x3c00);  // an odd length
  std::vector<float> widened(codes.size()), portable(codes.size());
  widen_fp16(codes.data(), codes.size(), widened.data());
  portable_widen_fp16(codes.data(), codes.size(), portable.data());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (std::isnan(portable[i])) {
      ASSERT_TRUE(std::isnan(widened[i])) << codes[i];
    } else {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(widened[i]), std::bit_cast<std::uint32_t>(portable[i]))
          << codes[i];
    }
  }
}

}  // namespace
}  // namespace nanscope
