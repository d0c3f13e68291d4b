#include "engine/numbers/format.h"

#include <gtest/gtest.h>

#include <cmath>

namespace nanscope {
namespace {

struct Limits {
  const char* name;
  double largest, smallest_normal, smallest_subnormal, epsilon;
  bool has_infinity;
};

// IEEE 754-2019 table 3.5; bf16 and tf32 by NVIDIA; OCP 8-bit Floating Point Specification,
// table 1.
constexpr Limits kLimits[] = {
    {"fp64", 0x1.fffffffffffffp1023, 0x1p-1022, 0x1p-1074, 0x1p-52, true},
    {"fp32", 0x1.fffffep127, 0x1p-126, 0x1p-149, 0x1p-23, true},
    {"tf32", 0x1.ffcp127, 0x1p-126, 0x1p-136, 0x1p-10, true},
    {"bf16", 0x1.fep127, 0x1p-126, 0x1p-133, 0x1p-7, true},
    {"fp16", 65504, 0x1p-14, 0x1p-24, 0x1p-10, true},
    {"e4m3", 448, 0x1p-6, 0x1p-9, 0x1p-3, false},
    {"e5m2", 57344, 0x1p-14, 0x1p-16, 0x1p-2, true},
};

TEST(NumberFormats, HaveTheLimitsOfTheirStandards) {
  ASSERT_EQ(number_formats().size(), std::size(kLimits));
  for (const Limits& limits : kLimits) {
    const NumberFormat* format = find_format(limits.name);
    ASSERT_TRUE(format) << limits.name;
    EXPECT_EQ(format->largest, limits.largest) << limits.name;
    EXPECT_EQ(format->smallest_normal, limits.smallest_normal) << limits.name;
    EXPECT_EQ(format->smallest_subnormal, limits.smallest_subnormal) << limits.name;
    EXPECT_EQ(format->epsilon, limits.epsilon) << limits.name;
    EXPECT_EQ(format->has_infinity, limits.has_infinity) << limits.name;
    EXPECT_EQ(format->bias, (1 << (format->exponent_bits - 1)) - 1) << limits.name;
  }
  EXPECT_EQ(find_format("fp17"), nullptr);
}

TEST(NumberFormats, EveryPrecisionNamesOneOrIsMixed) {
  for (const auto& [precision, name] : Names<Precision>::all)
    EXPECT_NE(find_format(name) != nullptr, name.starts_with("mixed_")) << name;
}

}  // namespace
}  // namespace nanscope
