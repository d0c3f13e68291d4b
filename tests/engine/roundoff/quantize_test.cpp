#include "engine/roundoff/quantize.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

/// tests/reference/quantization.json, from make_quantization.py.
nlohmann::json reference() {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/quantization.json");
  return nlohmann::json::parse(file);
}

TEST(Quantize, MicroscalingEqualsMlDtypes) {
  const nlohmann::json file = reference();
  const auto blocks = file["blocks"].get<std::vector<std::vector<double>>>();
  int cases = 0;
  for (const auto& expected : file["microscaled"]) {
    const std::vector<double>& block = blocks.at(expected["block"].get<std::size_t>());
    const NumberFormat& element = *find_format(expected["element"].get<std::string>());
    EXPECT_EQ(shared_scale(block, element), expected["scale"].get<double>())
        << element.name << " block " << expected["block"];
    EXPECT_THAT(quantize_microscaled(block, element, 32),
                ElementsAreArray(expected["quantized"].get<std::vector<double>>()))
        << element.name << " block " << expected["block"];
    ++cases;
  }
  EXPECT_EQ(cases, 14 * 5);
}

TEST(Quantize, TheDynamicMapIsThatOfBitsandbytes) {
  // bitsandbytes computes its middles in fp32: 1 ulp of fp32 apart at most.
  const auto expected = reference()["dynamic_map"].get<std::vector<double>>();
  const std::array<float, 256> map = dynamic_map();
  ASSERT_EQ(expected.size(), map.size());
  for (std::size_t i = 0; i < map.size(); ++i)
    EXPECT_NEAR(map[i], expected[i], std::abs(expected[i]) * 0x1p-22) << i;
}

TEST(Quantize, DynamicTakesTheNearestEntry) {
  const std::array<float, 256> map = dynamic_map();
  std::vector<double> values{1};  // the absmax, so that values are the normalized ones
  for (int i = -1000; i <= 1000; ++i) values.push_back(i / 1000.0);
  const std::vector<double> quantized = quantize_dynamic(values, values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const float entry : map) nearest = std::min(nearest, std::abs(entry - values[i]));
    EXPECT_EQ(std::abs(quantized[i] - values[i]), nearest) << values[i];
  }
}

TEST(Quantize, AbsmaxKeepsTheLargestOfEachGroup) {
  const std::vector<double> values{127, -1, 0.5, 1.5, 0, 0, 254, 3, 2.5};
  // Steps 1, 0 (nothing to scale), 2; ties go to even multiples; the last group is shorter.
  EXPECT_THAT(absmax_steps(values, 4), ElementsAre(1, 2, static_cast<float>(2.5 / 127)));
  const std::vector<double> quantized = quantize_absmax(values, 4);
  EXPECT_THAT(std::vector(quantized.begin(), quantized.begin() + 8),
              ElementsAre(127, -1, 0, 2, 0, 0, 254, 4));
  EXPECT_NEAR(quantized.back(), 2.5, 2.5 * 0x1p-24);  // the step is a fp32 number
}

TEST(Quantize, ZerosStayZero) {
  const std::vector<double> zeros(10);
  EXPECT_EQ(quantize_absmax(zeros, 4), zeros);
  EXPECT_EQ(quantize_dynamic(zeros, 4), zeros);
  EXPECT_EQ(quantize_microscaled(zeros, *find_format("e2m1"), 4), zeros);
}

TEST(Quantize, SqnrCountsInDecibels) {
  EXPECT_DOUBLE_EQ(sqnr(std::vector<double>{10, 10}, std::vector<double>{9, 11}), 20);
  EXPECT_TRUE(std::isinf(sqnr(std::vector<double>{1}, std::vector<double>{1})));
}

}  // namespace
}  // namespace nanscope
