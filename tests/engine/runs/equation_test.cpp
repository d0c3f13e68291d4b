#include "engine/recipe/equation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

std::optional<EquationValue> value_of(std::string_view text, const EquationValues& values,
                                      std::string_view name, bool in_floats) {
  return evaluate(read_equation(text), values, name, in_floats);
}

TEST(Equation, NumbersTakeThePlacesOfNamesAndABlankMultiplies) {
  const EquationWords words{{"beta1", "0.9"}, {"m", "0.5"}, {"g", "(-3)"}, {"z", "2"}};
  const auto in_words = [&](const char* right) {
    const EquationTree equation = read_equation(std::string("x = 1; r = ") + right + "; y = m");
    return with_words(equation, equation.assignments[1], words);
  };
  EXPECT_EQ(in_words("beta1 m + (1 - beta1) g^2"), "0.9 * 0.5 + (1 - 0.9) * (-3)^2");
  EXPECT_EQ(in_words("z / (1 + exp(-z))"), "2 / (1 + exp(-2))");
  EXPECT_EQ(in_words("z Phi(z)"), "2 * Phi(2)");
  EXPECT_EQ(in_words("other m"), "other * 0.5");
}

TEST(Equation, AnOptimizersAssignmentsAreCalculatedOneAfterTheOther) {
  const double g = -3, theta = 0.25, lr = 0.01, lambda = 0.1, beta1 = 0.9, beta2 = 0.99, eps = 1e-8;
  const EquationValues values{{"g", g},         {"theta", theta},   {"m", 0.5},  {"v", 2},
                              {"lr", lr},       {"lambda", lambda}, {"t", 3},    {"eps", eps},
                              {"beta1", beta1}, {"beta2", beta2},   {"other", 1}};
  const std::string_view adam = optimizer_text(OptimizerKind::adam).equation;
  const double with_decay = g + lambda * theta;
  const double m = beta1 * 0.5 + (1 - beta1) * with_decay;
  const double v = beta2 * 2 + (1 - beta2) * with_decay * with_decay;
  const double stepped =
      theta - lr * m / (1 - std::pow(beta1, 3)) / (std::sqrt(v / (1 - std::pow(beta2, 3))) + eps);
  EXPECT_NEAR(static_cast<double>(value_of(adam, values, "v", false)->value), v, 1e-14);
  EXPECT_NEAR(static_cast<double>(value_of(adam, values, "theta", false)->value), stepped, 1e-14);
  // In fp32, in which kernels calculate, it is another number.
  EXPECT_NE(value_of(adam, values, "theta", true)->value,
            value_of(adam, values, "theta", false)->value);
  // Norms of whole tensors are no arithmetic with known names.
  const std::string_view lamb = optimizer_text(OptimizerKind::lamb).equation;
  EXPECT_FALSE(value_of(lamb, values, "theta", false));
  EXPECT_TRUE(value_of(lamb, values, "v", false)) << "which comes before them";
  EquationValues with_norms = values;
  with_norms["|theta|"] = 6, with_norms["|u|"] = 2;
  const double u = static_cast<double>(value_of(lamb, with_norms, "u", false)->value);
  EXPECT_NEAR(static_cast<double>(value_of(lamb, with_norms, "theta", false)->value),
              theta - lr * 3 * u, 1e-14);
  for (const double none : {0.0, std::nan("")}) {
    with_norms["|u|"] = none;
    EXPECT_NEAR(static_cast<double>(value_of(lamb, with_norms, "theta", false)->value),
                theta - lr * u, 1e-14);
  }
}

TEST(Equation, SaysWhatHasNoNumber) {
  EXPECT_TRUE(value_of("x = 2 / a", {{"a", 0}}, "x", false)->divides_by_zero);
  const auto none = value_of("x = a / a", {{"a", 0}}, "x", false);
  EXPECT_TRUE(std::isnan(none->value));
  EXPECT_FALSE(none->divides_by_zero);
  EXPECT_FALSE(value_of("x = a b", {{"a", 1}}, "x", false));
  EXPECT_THROW(value_of("x = (a", {{"a", 1}}, "x", false), std::logic_error);
  EXPECT_THROW(value_of("x = ", {{"a", 1}}, "x", false), std::logic_error);
}

}  // namespace
}  // namespace nanscope
