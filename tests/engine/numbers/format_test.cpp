#include "engine/numbers/format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/experiment/experiment.h"

namespace nanscope {
namespace {

struct Limits {
  const char* name;
  int bits;
  double largest, smallest_normal, smallest_subnormal, epsilon;
  bool has_infinity;
};

// IEEE 754-2019 table 3.5; bf16 and tf32 by NVIDIA; OCP 8-bit Floating Point Specification,
// table 1; fnuz by Noune et al., arXiv 2206.02915; OCP Microscaling Formats, tables 2 to 6.
constexpr Limits kLimits[] = {
    {"fp64", 64, 0x1.fffffffffffffp1023, 0x1p-1022, 0x1p-1074, 0x1p-52, true},
    {"fp32", 32, 0x1.fffffep127, 0x1p-126, 0x1p-149, 0x1p-23, true},
    {"tf32", 19, 0x1.ffcp127, 0x1p-126, 0x1p-136, 0x1p-10, true},
    {"bf16", 16, 0x1.fep127, 0x1p-126, 0x1p-133, 0x1p-7, true},
    {"fp16", 16, 65504, 0x1p-14, 0x1p-24, 0x1p-10, true},
    {"e4m3", 8, 448, 0x1p-6, 0x1p-9, 0x1p-3, false},
    {"e5m2", 8, 57344, 0x1p-14, 0x1p-16, 0x1p-2, true},
    {"e4m3fnuz", 8, 240, 0x1p-7, 0x1p-10, 0x1p-3, false},
    {"e5m2fnuz", 8, 57344, 0x1p-15, 0x1p-17, 0x1p-2, false},
    {"e8m0", 8, 0x1p127, 0x1p-127, 0x1p-127, 1, false},
    {"e2m3", 6, 7.5, 1, 0.125, 0.125, false},
    {"e3m2", 6, 28, 0.25, 0.0625, 0.25, false},
    {"e2m1", 4, 6, 1, 0.5, 0.5, false},
    {"int8", 8, 127, 1, 1, 1, false},
};

TEST(NumberFormats, HaveTheLimitsOfTheirStandards) {
  ASSERT_EQ(number_formats().size(), std::size(kLimits));
  for (const Limits& limits : kLimits) {
    const NumberFormat* format = find_format(limits.name);
    ASSERT_TRUE(format) << limits.name;
    EXPECT_EQ(format->bits(), limits.bits) << limits.name;
    EXPECT_EQ(format->largest, limits.largest) << limits.name;
    EXPECT_EQ(format->smallest_normal, limits.smallest_normal) << limits.name;
    EXPECT_EQ(format->smallest_subnormal, limits.smallest_subnormal) << limits.name;
    EXPECT_EQ(format->epsilon, limits.epsilon) << limits.name;
    EXPECT_EQ(format->has_infinity, limits.has_infinity) << limits.name;
    EXPECT_EQ(format->has_infinity, format->nan == NanCoding::ieee) << limits.name;
  }
  EXPECT_EQ(find_format("fp17"), nullptr);
}

TEST(NumberFormats, EveryPrecisionNamesOneOrIsMixed) {
  for (const auto& [precision, name] : Names<Precision>::all)
    EXPECT_NE(find_format(name) != nullptr, name.starts_with("mixed_")) << name;
}

TEST(NumberFormats, AMantissaIsWorthDecimalDigits) {
  // What textbooks say of IEEE's formats.
  EXPECT_NEAR(decimal_digits(*find_format("fp64")), 15.95, 0.005);
  EXPECT_NEAR(decimal_digits(*find_format("fp32")), 7.22, 0.005);
  EXPECT_NEAR(decimal_digits(*find_format("fp16")), 3.31, 0.005);
}

}  // namespace
}  // namespace nanscope
