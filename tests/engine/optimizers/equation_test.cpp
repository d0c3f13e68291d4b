#include "engine/optimizers/equation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/numbers/format.h"
#include "engine/optimizers/orthogonal.h"
#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;

Rounder rounder(const char* format) {
  return Rounder(*find_format(format), Rounding::nearest_even, std::nullopt);
}

/// What "r = ..." comes to in fp64 where a tensor is x and a number k.
Pair value_of(const std::string& text, Pair x = {}, double k = 0,
              std::vector<StepOperation>* operations = nullptr, const char* format = "fp64") {
  const Equation equation("r = " + text);
  std::vector<Operand> operands(equation.names().size());
  if (const int place = equation.place("x"); place >= 0) operands[std::size_t(place)] = {x, true};
  if (const int place = equation.place("k"); place >= 0)
    operands[std::size_t(place)] = {{k, k}, false};
  Rounder to = rounder(format);
  equation.run(to, operands, operations);
  return operands[0].elements;
}

TEST(Equation, BlanksMultiplyAndASlashDividesWhatStandsBeforeIt) {
  EXPECT_EQ(value_of("6 / 3 x", {5, 7}), (Pair{10, 14}));
  EXPECT_EQ(value_of("2 (x + 1)", {5, 7}), (Pair{12, 16}));
  EXPECT_EQ(value_of("x / (k x)", {5, 7}, 4), (Pair{0.25, 0.25}));
  EXPECT_EQ(value_of("1 - x - 2", {5, 7}), (Pair{-6, -8}));
  EXPECT_EQ(value_of("2 x^3", {2, 3}), (Pair{16, 54}));
  EXPECT_EQ(value_of("k^2 x", {1, 2}, 3), (Pair{9, 18}));
}

TEST(Equation, KnowsItsFunctions) {
  EXPECT_EQ(value_of("sqrt(x) + 1", {4, 9}), (Pair{3, 4}));
  EXPECT_EQ(value_of("sign(x)", {-4, 0}), (Pair{-1, 0}));
  EXPECT_EQ(value_of("max(x, 2 x)", {-4, 3}), (Pair{-4, 6}));
  EXPECT_EQ(value_of("|x| / |2 x| x", {3, 4}), (Pair{1.5, 2}));
  EXPECT_EQ(value_of("|x| / |2 x| (x + 1)", {0, 0}), (Pair{1, 1})) << "no length, no share of it";
}

TEST(Equation, ReadsThoseOfEveryOptimizerAndRefusesOthers) {
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    EXPECT_GE(Equation(optimizer_text(kind).equation).place("theta"), 0) << name;
  for (const char* wrong : {"", "x", "x = ", "x = (1", "x = 1 +", "x = 1; ", "x = |1", "x = #"})
    EXPECT_THROW(Equation{wrong}, std::logic_error) << wrong;
}

TEST(Equation, RoundsEachOperationAndNotesIt) {
  std::vector<StepOperation> operations;
  const Pair value = value_of("sqrt(x) + k", {0.01, 4}, 1e-8, &operations, "fp16");
  ASSERT_EQ(operations.size(), 2u);
  EXPECT_EQ(operations[0].formula, "sqrt(x)");
  EXPECT_EQ(operations[0].value[0], round_to(*find_format("fp16"), std::sqrt(0.01)));
  EXPECT_EQ(operations[1].formula, "sqrt(x) + k");
  EXPECT_EQ(operations[1].name, "r");
  EXPECT_EQ(value, operations[0].value) << "1e-8 is less than half an ulp of fp16 there";
  EXPECT_THAT(operations[1].absorbed, ElementsAre(true, true));
  operations.clear();
  value_of("sqrt(x) + k", {0.01, 4}, 1, &operations, "fp16");
  EXPECT_THAT(operations[1].absorbed, ElementsAre(false, false));
}

TEST(Equation, MultipliesTheNumbersOfAProductAtOnce) {
  // In fp16 1e-5 times 1e-5 would be 0: the numbers alone have no format.
  std::vector<StepOperation> operations;
  EXPECT_EQ(value_of("k x / k / (x + 1)", {2, 2}, 1e-9, &operations, "fp16")[0],
            round_to(*find_format("fp16"), 2.0 / 3));
  EXPECT_EQ(value_of("0 x + x", {5, 7}, 0), (Pair{5, 7}));
  operations.clear();
  value_of("x + k x", {5, 7}, 0, &operations);
  EXPECT_TRUE(operations.empty()) << "nothing is added";
}

TEST(Equation, MuonsDirectionHasALengthNearOne) {
  for (const Pair& row : {Pair{3, 4}, Pair{1e-3, -1}, Pair{0, 5}}) {
    const Pair direction = orthogonal(row, 1e-7);
    // Its authors say that the iteration leaves singular values between 0.7 and 1.2.
    EXPECT_NEAR(std::hypot(direction[0], direction[1]), 1, 0.35);
    EXPECT_GT(direction[0] * row[0] + direction[1] * row[1], 0);
  }
}

}  // namespace
}  // namespace nanscope
