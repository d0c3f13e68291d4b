#include "engine/probes/distance.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace nanscope {
namespace {

/// Two tensors of which the second is a little off the first.
template <class T>
struct Moved {
  std::vector<T> before, after;
};

template <class T>
Moved<T> moved(std::size_t count) {
  std::mt19937 engine(static_cast<unsigned>(count));
  std::normal_distribution<double> normal;
  Moved<T> both;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = normal(engine);
    both.before.push_back(static_cast<T>(x));
    both.after.push_back(static_cast<T>(x + 1e-3 * normal(engine)));
  }
  return both;
}

/// The sums as they are written, in extended precision.
template <class T>
Distance written_out(const Moved<T>& both) {
  long double length = 0, change = 0;
  for (std::size_t i = 0; i < both.before.size(); ++i) {
    const long double x = both.before[i], y = both.after[i];
    length += x * x;
    change += (y - x) * (y - x);
  }
  return {static_cast<double>(length), static_cast<double>(change)};
}

/// 5000 roundings to 2^-53 of sums of what is not negative.
constexpr double kRounding = 1e-12;

template <class T>
void expect_distance(const Moved<T>& both, Storage storage) {
  const auto count = static_cast<std::int64_t>(both.before.size());
  const Distance measured = measure_distance(both.before.data(), both.after.data(), storage, count);
  const Distance exact = written_out(both);
  EXPECT_NEAR(measured.squared_length, exact.squared_length, kRounding * exact.squared_length);
  EXPECT_NEAR(measured.squared_change, exact.squared_change, kRounding * exact.squared_change);
}

TEST(Distance, IsWhatIsWrittenOut) {
  for (const std::size_t count : {0, 1, 7, 8, 37, 5000}) {
    expect_distance(moved<float>(count), Storage::fp32);
    expect_distance(moved<double>(count), Storage::fp64);
  }
}

TEST(Distance, EveryProcessorMeasuresTheSame) {
  for (const std::size_t count : {0, 1, 15, 16, 17, 64, 1000, 5000}) {
    const Moved<float> both = moved<float>(count);
    const Distance here = measure_distance(both.before.data(), both.after.data(), Storage::fp32,
                                           static_cast<std::int64_t>(count));
    const Distance elsewhere = portable_distance(both.before.data(), both.after.data(), count);
    EXPECT_NEAR(here.squared_length, elsewhere.squared_length, kRounding * here.squared_length);
    EXPECT_NEAR(here.squared_change, elsewhere.squared_change, kRounding * here.squared_change);
  }
}

TEST(Distance, ReadsBfloat16AsTheUpperHalfOfAFloat) {
  Moved<float> wide = moved<float>(5000);
  Moved<std::uint16_t> codes;
  const auto cut = [](float& value) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value) & 0xffff0000u;
    value = std::bit_cast<float>(bits);
    return static_cast<std::uint16_t>(bits >> 16);
  };
  for (float& value : wide.before) codes.before.push_back(cut(value));
  for (float& value : wide.after) codes.after.push_back(cut(value));
  const Distance measured =
      measure_distance(codes.before.data(), codes.after.data(), Storage::bf16, 5000);
  const Distance exact = written_out(wide);
  EXPECT_NEAR(measured.squared_change, exact.squared_change, kRounding * exact.squared_change);
}

TEST(Distance, SquaresThatNoFloatHoldsCountAsMuch) {
  const std::vector<float> before(16, 1e30f), after(16, 1e30f * (1 + 0x1p-20f));
  const double ratio = measure_distance(before.data(), after.data(), Storage::fp32, 16).ratio();
  // after and 1e30f are floats: each is off by half a unit in the last place, 2^-24, at most.
  EXPECT_NEAR(ratio, 0x1p-20, 0x1p-23);
}

TEST(Distance, OfWhatIsNoNumberIsNone) {
  Moved<float> both = moved<float>(40);
  both.after[21] = std::numeric_limits<float>::quiet_NaN();
  const Distance measured =
      measure_distance(both.before.data(), both.after.data(), Storage::fp32, 40);
  EXPECT_TRUE(std::isnan(measured.ratio()));
  EXPECT_TRUE(std::isfinite(measured.squared_length));
}

}  // namespace
}  // namespace nanscope
