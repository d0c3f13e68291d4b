// Codes and casts against c10's types, which are PyTorch's.
#include <c10/util/BFloat16.h>
#include <c10/util/Float8_e4m3fn.h>
#include <c10/util/Float8_e4m3fnuz.h>
#include <c10/util/Float8_e5m2.h>
#include <c10/util/Float8_e5m2fnuz.h>
#include <c10/util/Float8_e8m0fnu.h>
#include <c10/util/Half.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>

#include "engine/numbers/conversion.h"

namespace nanscope {
namespace {

struct C10Type {
  const char* name;
  std::function<float(std::uint64_t)> decode;
  std::function<std::uint64_t(float)> encode;
};

template <class T>
C10Type c10_type(const char* name) {
  return {name,
          [](std::uint64_t code) {
            T value;
            value.x = static_cast<decltype(value.x)>(code);
            return static_cast<float>(value);
          },
          [](float value) { return std::uint64_t{static_cast<T>(value).x}; }};
}

/// What a failure calls it.
void PrintTo(const C10Type& type, std::ostream* out) { *out << type.name; }

class LikeC10 : public ::testing::TestWithParam<C10Type> {
 protected:
  const NumberFormat& format_ = *find_format(GetParam().name);
};

TEST_P(LikeC10, EveryCode) {
  for (std::uint64_t code = 0; code < code_count(format_); ++code) {
    const double value = decode(format_, code);
    const float expected = GetParam().decode(code);
    ASSERT_EQ(std::isnan(value), std::isnan(expected)) << code;
    if (std::isnan(value)) continue;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(value),
              std::bit_cast<std::uint64_t>(static_cast<double>(expected)))
        << code;
  }
}

TEST_P(LikeC10, CastsOfRandomFloats) {
  constexpr int kCount = 1'000'000;
  std::mt19937 random(5);
  for (int i = 0; i < kCount; ++i) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (std::isnan(value)) continue;
    ASSERT_EQ(encode(format_, static_cast<double>(value)), GetParam().encode(value))
        << std::hexfloat << value;
  }
}

TEST_P(LikeC10, CastsOfWhatIsSpecial) {
  for (const float value :
       {0.0f, -0.0f, 1.0f, -1.0f, -0.1f, 0x1p-149f, -0x1p-127f, 0x1.8p127f,
        -std::numeric_limits<float>::max(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()})
    EXPECT_EQ(encode(format_, static_cast<double>(value)), GetParam().encode(value))
        << std::hexfloat << value;
}

INSTANTIATE_TEST_SUITE_P(Types, LikeC10,
                         ::testing::Values(c10_type<c10::BFloat16>("bf16"),
                                           c10_type<c10::Half>("fp16"),
                                           c10_type<c10::Float8_e4m3fn>("e4m3"),
                                           c10_type<c10::Float8_e5m2>("e5m2"),
                                           c10_type<c10::Float8_e4m3fnuz>("e4m3fnuz"),
                                           c10_type<c10::Float8_e5m2fnuz>("e5m2fnuz"),
                                           c10_type<c10::Float8_e8m0fnu>("e8m0")),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace nanscope
