#include "engine/roundoff/rounder.h"

#include <gtest/gtest.h>

#include <bit>
#include <limits>
#include <vector>

namespace nanscope {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Doubles of every size, with the midpoints and edges of the format between them.
std::vector<double> samples(const NumberFormat& format) {
  std::vector<double> values{0, format.largest, 2 * format.largest, kInfinity, 1e300, 5e-324};
  RandomNumbers random(7);
  for (int i = 0; i < 20000; ++i) values.push_back(std::bit_cast<double>(random.bits()));
  for (int exponent = -160; exponent <= 130; ++exponent)
    for (int i = 0; i < 20; ++i) {
      const double value = round_to(format, std::ldexp(1 + random.uniform(), exponent));
      const double step = std::max(value * format.epsilon, format.smallest_subnormal);
      for (const double part : {0.0, 0.25, 0.5, 0.75}) values.push_back(value + part * step);
    }
  const std::size_t count = values.size();
  for (std::size_t i = 0; i < count; ++i) values.push_back(-values[i]);
  return values;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

TEST(Rounder, IsRoundToInEveryFormat) {
  for (const char* name : {"fp64", "fp32", "tf32", "bf16", "fp16", "e4m3", "e5m2", "e4m3fnuz",
                           "e5m2fnuz", "e2m3", "e3m2", "e2m1"}) {
    const NumberFormat& format = *find_format(name);
    for (const auto overflow : {std::optional<Overflow>(), std::optional(Overflow::infinity),
                                std::optional(Overflow::saturate)}) {
      Rounder round(format, Rounding::nearest_even, overflow);
      for (const double value : samples(format)) {
        const double expected = round_to(format, value, {Rounding::nearest_even, overflow, 0});
        // fp64 is the processor's own: an infinity stays one.
        if (format.name == "fp64" && std::isinf(value)) continue;
        EXPECT_TRUE(same(round(value), expected)) << name << ' ' << value;
      }
    }
  }
}

TEST(Rounder, RoundsAnyFormatThatCanBeWritten) {
  for (const char* text : {"e5m7", "e4m20:no-subnormals", "e9m26", "e3m4:no-infinity", "fp16",
                           "e4m3", "e4m3fnuz", "e2m1", "int8:scale=0.5", "e8m0"}) {
    const NumberFormat format = *parse_format(text);
    for (const Rounding mode :
         {Rounding::nearest_even, Rounding::toward_zero, Rounding::up, Rounding::down}) {
      Rounder round(format, mode, std::nullopt);
      for (const double value : samples(format))
        EXPECT_TRUE(same(round(value), round_to(format, value, {mode, std::nullopt, 0})))
            << text << ' ' << value;
    }
  }
}

/// Whether `rounded` is the format's neighbour of high + low (|low| < ulp(high)) in a direction.
/// The differences are exact: rounded and high are near each other.
void expect_directed(const NumberFormat& format, Rounding mode, double rounded, double high,
                     double low) {
  const double above = (rounded - high) - low;
  const double step =
      std::max(std::ldexp(format.epsilon, std::ilogb(rounded)), format.smallest_subnormal);
  if (mode == Rounding::up)
    EXPECT_TRUE(above >= 0 && above < step) << rounded << ' ' << high << ' ' << low;
  else
    EXPECT_TRUE(above <= 0 && -above < step) << rounded << ' ' << high << ' ' << low;
}

TEST(Rounder, KeepsDirectionsWhereFp64LosesTheTail) {
  const NumberFormat& format = *find_format("fp32");
  for (const Rounding mode : {Rounding::up, Rounding::down}) {
    Rounder round(format, mode, std::nullopt);
    RandomNumbers random(3);
    for (int i = 0; i < 20000; ++i) {
      // Positive fp32 numbers up to 2^60 apart: their sum does not fit fp64.
      const double a = round_to(format, 1 + random.uniform());
      const double b = round_to(format, std::ldexp(1 + random.uniform(), -(i % 60)));
      const double sum = a + b;
      expect_directed(format, mode, round.add(a, b), sum, b - (sum - a));
      const double quotient = a / b;
      expect_directed(format, mode, round.divide(a, b), quotient, std::fma(-quotient, b, a) / b);
      // The product of two fp32 numbers fits.
      expect_directed(format, mode, round.multiply(a, b), a * b, 0);
    }
  }
  Rounder up(*find_format("bf16"), Rounding::up, std::nullopt);
  EXPECT_EQ(up.add(1, 0x1p-100), 1 + 0x1p-7);
  Rounder down(*find_format("bf16"), Rounding::down, std::nullopt);
  EXPECT_EQ(down.add(1, -0x1p-100), 1 - 0x1p-8);
  Rounder zero(*find_format("bf16"), Rounding::toward_zero, std::nullopt);
  EXPECT_EQ(zero.add(1, -0x1p-100), 1 - 0x1p-8);
  EXPECT_EQ(zero.add(-1, 0x1p-100), -1 + 0x1p-8);
}

TEST(Rounder, Fp32IsTheProcessors) {
  Rounder round(*find_format("fp32"), Rounding::nearest_even, std::nullopt);
  RandomNumbers random(5);
  for (int i = 0; i < 100000; ++i) {
    const float a = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits()));
    const float b = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits()));
    EXPECT_TRUE(same(round.add(a, b), a + b)) << a << " + " << b;
    EXPECT_TRUE(same(round.multiply(a, b), a * b)) << a << " * " << b;
    EXPECT_TRUE(same(round.divide(a, b), a / b)) << a << " / " << b;
  }
}

TEST(Rounder, StochasticTakesNeighboursByTheirDistance) {
  for (const double value : {1 + 0x1p-12, -3 - 0x3p-11, 1e-6, 65504.0}) {  // of fp16: 1/4, 3/8, ...
    Rounder round(*find_format("fp16"), Rounding::stochastic, std::nullopt, 9);
    const double low = round_to(round.format(), value, {Rounding::down, std::nullopt, 0});
    const double high = round_to(round.format(), value, {Rounding::up, std::nullopt, 0});
    constexpr int kDraws = 100000;
    int ups = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double rounded = round(value);
      ASSERT_TRUE(rounded == low || rounded == high) << value;
      ups += rounded != low;
    }
    const double p = low == high ? 0 : (value - low) / (high - low);
    // 5 standard deviations of a binomial count.
    EXPECT_NEAR(ups, kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p))) << value;
  }
}

TEST(Rounder, UnitRoundoffDependsOnTheMode) {
  const NumberFormat& fp16 = *find_format("fp16");
  EXPECT_EQ(Rounder(fp16, Rounding::nearest_even, std::nullopt).unit_roundoff(), 0x1p-11);
  EXPECT_EQ(Rounder(fp16, Rounding::stochastic, std::nullopt).unit_roundoff(), 0x1p-10);
}

}  // namespace
}  // namespace nanscope
