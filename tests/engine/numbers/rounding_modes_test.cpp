// Directed and stochastic rounding and saturation, against the definition: the values of a format
// in a sorted list. All comparisons are exact in double or by GMP.
#include <gtest/gtest.h>

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "engine/numbers/exact.h"
#include "tests/engine/numbers/random_doubles.h"
#include "tests/engine/special_values.h"

namespace nanscope {
namespace {

/// Enough for every binade of every format. NANSCOPE_RANDOM_DOUBLES=10000000 tries more.
std::uint64_t random_count() {
  const char* wanted = std::getenv("NANSCOPE_RANDOM_DOUBLES");
  return wanted ? std::strtoull(wanted, nullptr, 10) : 100'000;
}

/// The finite values of a format, ascending, each once.
std::vector<double> finite_values(const NumberFormat& format) {
  std::vector<double> values;
  for (std::uint64_t code = 0; code < code_count(format); ++code)
    if (const double value = decode(format, code); std::isfinite(value)) values.push_back(value);
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// What the definition says of directed rounding. Beyond the last value IEEE 754 has infinity when
/// rounding away from zero and the last value otherwise; here all is saturated.
double directed(const std::vector<double>& values, double x, Rounding rounding) {
  const auto above = std::ranges::lower_bound(values, x);
  if (above == values.end()) return values.back();
  if (*above == x || above == values.begin()) return *above;
  const bool up = rounding == Rounding::up || (rounding == Rounding::toward_zero && x < 0);
  return up ? *above : *(above - 1);
}

/// The formats that can be listed; wide ones are compared with the processor's rounding below.
std::vector<NumberFormat> narrow_formats() {
  std::vector<NumberFormat> narrow;
  std::ranges::copy_if(number_formats(), std::back_inserter(narrow),
                       [](const NumberFormat& format) { return format.bits() <= 16; });
  return narrow;
}

class RoundingModes : public ::testing::TestWithParam<NumberFormat> {};
class NarrowRoundingModes : public RoundingModes {};

TEST_P(NarrowRoundingModes, DirectedByDefinition) {
  const NumberFormat& format = GetParam();
  const std::vector<double> values = finite_values(format);
  const RandomDoubles number(format);
  const std::uint64_t count = random_count();
  for (const Rounding rounding : {Rounding::toward_zero, Rounding::up, Rounding::down})
    for (std::uint64_t i = 0; i < count; ++i) {
      const double x = format.has_sign ? number(i) : std::abs(number(i));
      const double rounded =
          round_to(format, x, {.rounding = rounding, .overflow = Overflow::saturate});
      ASSERT_EQ(rounded, directed(values, x, rounding))
          << std::hexfloat << x << " " << name_of(rounding);
    }
}

TEST_P(RoundingModes, ExactNumbersRoundLikeDoubles) {
  const NumberFormat& format = GetParam();
  const RandomDoubles number(format);
  for (const auto& [rounding, name] : Names<Rounding>::all)
    for (const auto& [overflow, overflow_name] : Names<Overflow>::all)
      for (std::uint64_t i = 0; i < random_count() / 50; ++i) {
        const double x = number(i);
        const Conversion conversion{rounding, overflow, mix(i)};
        ASSERT_EQ(encode(format, exact(x), conversion), encode(format, x, conversion))
            << std::hexfloat << x << " " << name << " " << overflow_name;
      }
}

TEST_P(RoundingModes, StochasticIsUnbiasedExactly) {
  // Of 256 equally spaced random words, as many go away from zero as the value is 256ths of the way
  // from its lower neighbour, so that the mean is the value itself.
  const NumberFormat& format = GetParam();
  const std::uint64_t first = encode(format, format.smallest_normal);
  for (const std::uint64_t code : {first, first + 1, encode(format, format.largest) - 1}) {
    const double low = decode(format, code), high = decode(format, code + 1);
    if (format.mantissa_bits > 44) continue;  // no 256ths in double
    for (int part = 0; part < 256; ++part) {
      const double x = low + (high - low) / 256 * part;  // exact: 52 bits suffice
      int away = 0;
      for (std::uint64_t word = 0; word < 256; ++word) {
        const double rounded = round_to(
            format, x, {.rounding = Rounding::stochastic, .overflow = {}, .random = word << 56});
        ASSERT_TRUE(rounded == low || rounded == high) << x;
        away += rounded == high ? 1 : 0;
      }
      ASSERT_EQ(away, part) << format.name << " " << std::hexfloat << x;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Formats, RoundingModes, ::testing::ValuesIn(number_formats()),
                         [](const auto& test) { return test.param.name; });
INSTANTIATE_TEST_SUITE_P(Formats, NarrowRoundingModes, ::testing::ValuesIn(narrow_formats()),
                         [](const auto& test) { return test.param.name; });

TEST(Rounding, NegativesMirror) {
  const auto mirrored = [](Rounding rounding) {
    if (rounding == Rounding::up) return Rounding::down;
    return rounding == Rounding::down ? Rounding::up : rounding;
  };
  for (const NumberFormat& format : number_formats()) {
    if (!format.has_sign || format.is_integer) continue;  // a range that is not symmetric
    const RandomDoubles number(format);
    for (const auto& [rounding, name] : Names<Rounding>::all)
      for (std::uint64_t i = 0; i < 10'000; ++i) {
        const double x = number(i);
        const double one =
            round_to(format, x, {.rounding = rounding, .overflow = {}, .random = mix(i)});
        const double other = round_to(
            format, -x, {.rounding = mirrored(rounding), .overflow = {}, .random = mix(i)});
        ASSERT_TRUE(one == -other || (std::isnan(one) && std::isnan(other)))
            << format.name << " " << x << " " << name;
      }
  }
}

struct ProcessorMode {
  Rounding rounding;
  int mode;
};
constexpr ProcessorMode kProcessorModes[] = {{Rounding::nearest_even, FE_TONEAREST},
                                             {Rounding::toward_zero, FE_TOWARDZERO},
                                             {Rounding::up, FE_UPWARD},
                                             {Rounding::down, FE_DOWNWARD}};

TEST(Rounding, ToFp32LikeTheProcessor) {
  const NumberFormat& fp32 = *find_format("fp32");
  const RandomDoubles number(fp32);
  for (const ProcessorMode& mode : kProcessorModes)
    for (std::uint64_t i = 0; i < random_count(); ++i) {
      const volatile double x = number(i);
      std::fesetround(mode.mode);
      const volatile float expected = static_cast<float>(x);
      std::fesetround(FE_TONEAREST);
      ASSERT_EQ(round_to(fp32, x, {.rounding = mode.rounding}), static_cast<double>(expected))
          << std::hexfloat << x;
    }
}

TEST(Rounding, ToTf32LikeTheProcessorsWholeNumbers) {
  // tf32 has fp32's exponents and 10 bits of mantissa: x / step is rounded to a whole number.
  const NumberFormat& tf32 = *find_format("tf32");
  const RandomDoubles number(tf32);
  for (const ProcessorMode& mode : kProcessorModes)
    for (std::uint64_t i = 0; i < random_count(); ++i) {
      const volatile double x = number(i);
      const double step = std::ldexp(1.0, std::max(std::ilogb(x), -126) - 10);
      const volatile double steps = x / step;
      std::fesetround(mode.mode);
      const double expected = std::nearbyint(steps) * step;
      std::fesetround(FE_TONEAREST);
      if (std::abs(expected) > tf32.largest) continue;
      ASSERT_EQ(round_to(tf32, x, {.rounding = mode.rounding}), expected) << std::hexfloat << x;
    }
}

TEST(Rounding, ToFp64ChangesNothing) {
  const NumberFormat& fp64 = *find_format("fp64");
  for (const auto& [rounding, name] : Names<Rounding>::all)
    for (std::uint64_t i = 0; i < 100'000; ++i) {
      const auto bits = mix(i);
      const auto x = std::bit_cast<double>(bits);
      if (std::isnan(x)) continue;
      ASSERT_EQ(encode(fp64, x, {.rounding = rounding}), bits) << std::hexfloat << x << " " << name;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(decode(fp64, bits)), bits);
    }
}

TEST(Overflow, TowardZeroStaysFiniteAwayDoesNot) {
  const NumberFormat& fp16 = *find_format("fp16");
  for (const double x : {65505.0, 65520.0, 1e300}) {
    EXPECT_EQ(round_to(fp16, x, {.rounding = Rounding::toward_zero}), 65504);
    EXPECT_EQ(round_to(fp16, x, {.rounding = Rounding::down}), 65504);
    EXPECT_EQ(round_to(fp16, x, {.rounding = Rounding::up}), kInfinity);
    EXPECT_EQ(round_to(fp16, -x, {.rounding = Rounding::up}), -65504);
    EXPECT_EQ(round_to(fp16, -x, {.rounding = Rounding::down}), -kInfinity);
  }
  EXPECT_EQ(round_to(fp16, kInfinity, {.rounding = Rounding::toward_zero}), kInfinity);
  EXPECT_EQ(round_to(fp16, 65519.0), 65504);  // below the middle to 65536
  EXPECT_EQ(round_to(fp16, 65520.0), kInfinity);
}

TEST(Overflow, IsWhatTheFormatHasOrTheLargestValue) {
  const auto beyond = [](const char* name, Overflow overflow) {
    return round_to(*find_format(name), 1e30, {.overflow = overflow});
  };
  EXPECT_EQ(beyond("e5m2", Overflow::infinity), kInfinity);
  EXPECT_EQ(beyond("e5m2", Overflow::saturate), 57344);
  EXPECT_TRUE(std::isnan(beyond("e4m3", Overflow::infinity)));
  EXPECT_EQ(beyond("e4m3", Overflow::saturate), 448);
  EXPECT_TRUE(std::isnan(beyond("e4m3fnuz", Overflow::infinity)));
  EXPECT_EQ(beyond("e2m1", Overflow::infinity), 6);
  EXPECT_EQ(beyond("int8", Overflow::infinity), 127);
  EXPECT_EQ(round_to(*find_format("int8"), -1e30), -128);
  EXPECT_EQ(round_to(*find_format("e5m2"), -kInfinity, {.overflow = Overflow::saturate}), -57344);
  // Without being asked: as PyTorch casts.
  EXPECT_EQ(round_to(*find_format("e4m3"), 1e30), 448);
  EXPECT_EQ(round_to(*find_format("e5m2"), 1e30), kInfinity);
}

TEST(Overflow, E8m0HasNeitherZeroNorNegativeNumbers) {
  const NumberFormat& e8m0 = *find_format("e8m0");
  // Without being asked: as PyTorch casts (c10_test.cpp). Asked for infinity: as ml_dtypes has it.
  EXPECT_EQ(round_to(e8m0, 0.0), 0x1p-127);
  EXPECT_EQ(round_to(e8m0, -1.0), 1);
  EXPECT_EQ(round_to(e8m0, -1.1, {.rounding = Rounding::up}), 2);
  EXPECT_TRUE(std::isnan(round_to(e8m0, -kInfinity)));
  EXPECT_TRUE(std::isnan(round_to(e8m0, 0.0, {.overflow = Overflow::infinity})));
  EXPECT_TRUE(std::isnan(round_to(e8m0, -1.0, {.overflow = Overflow::infinity})));
  EXPECT_EQ(round_to(e8m0, 0.0, {.overflow = Overflow::saturate}), 0x1p-127);
  EXPECT_EQ(round_to(e8m0, -1.0, {.overflow = Overflow::saturate}), 0x1p-127);
  EXPECT_EQ(round_to(e8m0, 1e-300, {.rounding = Rounding::toward_zero}), 0x1p-127);
}

TEST(Neighbours, AreTheNextValuesOfTheList) {
  for (const NumberFormat& format : number_formats()) {
    if (format.bits() > 16) continue;
    const std::vector<double> values = finite_values(format);
    for (std::uint64_t code = 0; code < code_count(format); ++code) {
      const double value = decode(format, code);
      const auto up = next_up(format, code), down = next_down(format, code);
      if (std::isnan(value)) {
        EXPECT_TRUE(!up && !down);
        continue;
      }
      const auto above = std::ranges::upper_bound(values, value);
      const auto below = std::ranges::lower_bound(values, value);
      const double expected_up = above == values.end() ? kInfinity : *above;
      const double expected_down = below == values.begin() ? -kInfinity : *(below - 1);
      const bool no_up = std::isinf(expected_up) && (!format.has_infinity || value == kInfinity);
      const bool no_down =
          std::isinf(expected_down) && (!format.has_infinity || value == -kInfinity);
      ASSERT_EQ(up.has_value(), !no_up) << format.name << " " << code;
      ASSERT_EQ(down.has_value(), !no_down) << format.name << " " << code;
      if (up) {
        ASSERT_EQ(decode(format, *up), expected_up) << format.name << " " << code;
      }
      if (down) {
        ASSERT_EQ(decode(format, *down), expected_down) << format.name << " " << code;
      }
      if (up && std::isfinite(expected_up) && value > 0) {
        ASSERT_EQ(ulp(format, code), expected_up - value) << format.name << " " << code;
      }
    }
  }
}

}  // namespace
}  // namespace nanscope
