#include <c10/util/BFloat16.h>
#include <c10/util/Float8_e4m3fn.h>
#include <c10/util/Float8_e5m2.h>
#include <c10/util/Half.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "engine/numbers/format.h"

// round_in_place against c10, value by value and to the bit. tf32, which c10 has not, is compared
// with rounding in double arithmetic.
namespace nanscope {
namespace {

using Bits = std::uint32_t;

/// x rounded to 10 bits of mantissa, ties to even: nearbyint in double is exact here.
float tf32_reference(float x) {
  if (!std::isfinite(x) || x == 0) return x;
  const int exponent = std::max(std::ilogb(x), -126);
  const double step = std::ldexp(1.0, exponent - 10);
  const double rounded = std::copysign(std::nearbyint(x / step) * step, x);
  return std::abs(rounded) > std::numeric_limits<float>::max()
             ? std::copysign(std::numeric_limits<float>::infinity(), x)
             : static_cast<float>(rounded);
}

struct Case {
  const char* name;
  std::function<float(float)> reference;
};

std::ostream& operator<<(std::ostream& out, const Case& format) { return out << format.name; }

class RoundInPlace : public ::testing::TestWithParam<Case> {
 protected:
  /// Rounds all values at once, as vector code does, and compares each with the reference.
  void compare(const std::vector<float>& values) {
    std::vector<float> rounded = values;
    round_in_place(*find_format(GetParam().name), rounded.data(), rounded.size());
    int shown = 0;
    for (std::size_t i = 0; i < values.size() && shown < 10; ++i) {
      const float expected = GetParam().reference(values[i]);
      const bool same = std::isnan(expected)
                            ? std::isnan(rounded[i])
                            : std::bit_cast<Bits>(expected) == std::bit_cast<Bits>(rounded[i]);
      if (same) continue;
      ++shown;
      ADD_FAILURE() << std::hexfloat << values[i] << " became " << rounded[i] << ", not "
                    << expected;
    }
  }

  /// Every value of the format that is not negative, in order.
  std::vector<float> all_values() {
    std::vector<float> values;
    const int dropped = 23 - find_format(GetParam().name)->mantissa_bits;
    // All fp32 values with these bits of mantissa contain all values of the format.
    for (Bits bits = 0; bits <= 0x7f800000; bits += 1u << dropped) {
      const auto value = std::bit_cast<float>(bits);
      if (GetParam().reference(value) == value) values.push_back(value);
    }
    return values;
  }
};

TEST_P(RoundInPlace, KeepsEveryValueOfTheFormat) {
  std::vector<float> values = all_values();
  // fp16 has 2^15 codes without a sign, 2^10 of them infinite or NaN, and so on.
  const NumberFormat& format = *find_format(GetParam().name);
  const int codes = 1 << (format.exponent_bits + format.mantissa_bits);
  const int not_finite = format.has_infinity ? 1 << format.mantissa_bits : 1;
  EXPECT_EQ(static_cast<int>(values.size()), codes - not_finite + (format.has_infinity ? 1 : 0));
  const std::size_t count = values.size();
  for (std::size_t i = 0; i < count; ++i) values.push_back(-values[i]);
  std::vector<float> rounded = values;
  round_in_place(format, rounded.data(), rounded.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    EXPECT_EQ(std::bit_cast<Bits>(rounded[i]), std::bit_cast<Bits>(values[i])) << values[i];
}

TEST_P(RoundInPlace, DecidesEveryMidpointAndItsNeighbours) {
  const std::vector<float> values = all_values();
  std::vector<float> probes;
  for (std::size_t i = 0; i + 1 < values.size(); ++i) {
    if (!std::isfinite(values[i + 1])) continue;
    const auto middle = static_cast<float>((double(values[i]) + double(values[i + 1])) / 2);
    for (const float probe :
         {std::nextafter(middle, 0.0f), middle, std::nextafter(middle, INFINITY),
          std::nextafter(values[i], INFINITY), std::nextafter(values[i], 0.0f)})
      probes.insert(probes.end(), {probe, -probe});
  }
  compare(probes);
}

TEST_P(RoundInPlace, DecidesTheEdges) {
  std::vector<float> probes;
  const NumberFormat& format = *find_format(GetParam().name);
  const double step = format.epsilon * std::exp2(std::ilogb(format.largest));
  for (const double edge : {format.largest,
                            format.largest + step / 2,
                            format.largest + step,
                            65504.0,
                            65519.0,
                            65520.0,
                            65536.0,
                            448.0,
                            464.0,
                            480.0,
                            57344.0,
                            61440.0,
                            format.smallest_normal,
                            format.smallest_subnormal,
                            format.smallest_subnormal / 2,
                            0x1p-149,
                            0x1p-126,
                            1.0,
                            0.0,
                            0x1.fffffep127}) {
    const auto value = static_cast<float>(edge);
    for (const float probe :
         {value, std::nextafter(value, INFINITY), std::nextafter(value, -INFINITY)})
      probes.insert(probes.end(), {probe, -probe});
  }
  for (const Bits nan : {0x7f800001u, 0x7fc00000u, 0x7fffffffu, 0xff800001u, 0xffffffffu})
    probes.push_back(std::bit_cast<float>(nan));
  probes.insert(probes.end(), {INFINITY, -INFINITY, 0.0f, -0.0f});
  compare(probes);
}

TEST_P(RoundInPlace, AgreesOnMillionsOfRandomBits) {
  std::mt19937 random(11);
  std::vector<float> values(4'000'000);
  for (float& value : values) value = std::bit_cast<float>(static_cast<Bits>(random()));
  compare(values);
}

TEST_P(RoundInPlace, AgreesWhereTheFormatHasItsValues) {
  // Random bits alone hit fp16's few exponents one time in eight.
  std::mt19937 random(12);
  const NumberFormat& format = *find_format(GetParam().name);
  std::uniform_real_distribution<double> exponent(std::log2(format.smallest_subnormal) - 2,
                                                  std::log2(format.largest) + 1);
  std::vector<float> values(2'000'000);
  for (float& value : values)
    value = static_cast<float>(std::exp2(exponent(random)) * (random() % 2 ? 1 : -1));
  compare(values);
}

TEST_P(RoundInPlace, TakesAnyLengthAndTouchesNothingElse) {
  for (std::size_t count = 0; count < 70; ++count) {
    std::vector<float> values(count + 2, 1.0f / 3);
    round_in_place(*find_format(GetParam().name), values.data() + 1, count);
    EXPECT_EQ(values.front(), 1.0f / 3);
    EXPECT_EQ(values.back(), 1.0f / 3);
    for (std::size_t i = 1; i <= count; ++i) EXPECT_EQ(values[i], GetParam().reference(1.0f / 3));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Formats, RoundInPlace,
    ::testing::Values(
        Case{"tf32", tf32_reference},
        Case{"bf16", [](float x) { return static_cast<float>(c10::BFloat16(x)); }},
        Case{"fp16", [](float x) { return static_cast<float>(c10::Half(x)); }},
        Case{"e4m3", [](float x) { return static_cast<float>(c10::Float8_e4m3fn(x)); }},
        Case{"e5m2", [](float x) { return static_cast<float>(c10::Float8_e5m2(x)); }}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(RoundInPlaceOfWideFormats, ChangesNothing) {
  std::vector<float> values{1.0f / 3, -0.0f, 0x1p-149f, INFINITY};
  const std::vector<float> before = values;
  round_in_place(*find_format("fp32"), values.data(), values.size());
  round_in_place(*find_format("fp64"), values.data(), values.size());
  EXPECT_EQ(values, before);
}

}  // namespace
}  // namespace nanscope
