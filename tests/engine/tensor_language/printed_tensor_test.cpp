#include "engine/tensor_language/printed_tensor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

namespace nanscope {
namespace {

double number_of(const nlohmann::json& value) {
  return value.is_string() ? std::strtod(value.get<std::string>().c_str(), nullptr)
                           : value.get<double>();
}

/// The step of a case of tests/reference/make_printed.py.
TensorStep step_of_case(const nlohmann::json& known) {
  TensorStep step;
  step.dtype = known["dtype"];
  step.shape = known["shape"].get<std::vector<std::int64_t>>();
  if (known.contains("values")) {
    for (const auto& value : known["values"]) step.cells.values.push_back(number_of(value));
    return step;
  }
  const std::int64_t factor = known["factor"], modulus = known["modulus"], offset = known["offset"];
  for (std::int64_t i = 0; i < step.numel(); ++i)
    step.cells.values.push_back(static_cast<double>(i * factor % modulus + offset) /
                                known["divisor"].get<double>());
  return step;
}

TEST(PrintedTensor, IsWhatPyTorchPrints) {
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/printed.json");
  const auto cases = nlohmann::json::parse(file)["cases"];
  EXPECT_GT(cases.size(), 150u);
  for (const auto& known : cases)
    EXPECT_EQ(printed_tensor(step_of_case(known)), known["printed"].get<std::string>() + "\n");
}

TEST(PrintedTensor, SaysOfALargeOneWhatIsKnown) {
  TensorStep step;
  step.dtype = "float32";
  step.shape = {300, 400};
  step.cells.complete = false;
  EXPECT_EQ(printed_tensor(step), "120000 values\n");
  step.summary = CellSummary{.minimum = -1.5, .maximum = 2, .mean = 0.25, .zeros = 3, .nans = 1};
  EXPECT_EQ(printed_tensor(step),
            "120000 values: smallest -1.5, largest 2, mean 0.25; 3 zeros, 0 inf, 1 nan\n");
}

/// Cells are doubles: what they do not hold to the last digit is not printed.
TEST(PrintedTensor, PrintsNoWholeNumberThatMayBeAnother) {
  TensorStep step;
  step.dtype = "int64";
  step.shape = {2};
  step.cells.values = {1, 0x1p53};
  EXPECT_EQ(printed_tensor(step), "2 values, of which some are beyond 2^53\n");
  step.cells.values = {1, 0x1p53 - 1};
  EXPECT_EQ(printed_tensor(step), "tensor([               1, 9007199254740991])\n");
}

}  // namespace
}  // namespace nanscope
