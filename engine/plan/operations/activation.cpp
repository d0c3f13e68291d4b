#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {
namespace {

/// One line an activation. z: pre-activation, a: activation. As in PyTorch, the way back reads a
/// where that says enough: a > 0 is z > 0, also of what is no number.
constexpr ActivationText kActivationTexts[] = {
    {Activation::identity, "z", "1", "{0}", ""},
    {Activation::relu, "max(z, 0)", "[a > 0]", "F.relu({0})", "", true},
    {Activation::leaky_relu, "max(z, 0.01 z)", "(1 if z > 0 else 0.01)", "F.leaky_relu({0}, 0.01)",
     ""},
    {Activation::gelu, "z Phi(z)", "(Phi(z) + z phi(z))", "F.gelu({0})", ""},
    {Activation::silu, "z sigmoid(z)", "sigmoid(z) (1 + z (1 - sigmoid(z)))", "F.silu({0})", ""},
    {Activation::tanh, "tanh(z)", "(1 - a^2)", "torch.tanh({0})", "1 - a * a", true},
    {Activation::sigmoid, "1 / (1 + exp(-z))", "a (1 - a)", "torch.sigmoid({0})", "a * (1 - a)",
     true},
};

}  // namespace

const ActivationText& activation_text(Activation activation) {
  for (const ActivationText& row : kActivationTexts)
    if (row.activation == activation) return row;
  return kActivationTexts[0];
}

ValueId add_activation(PlanBuilder& plan, const std::string& symbol, Activation activation,
                       ValueId input) {
  const ActivationText& text = activation_text(activation);
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(input), *plan.row().elementwise, {input});
  const PlanValue& z = plan.value(input);
  const PlanValue& a = plan.value(output);
  const PlanValue& saved = text.saves_output ? a : z;
  PlanOperation operation{.kind = std::string(name_of(activation)),
                          .inputs = {input},
                          .outputs = {output},
                          .saved = {text.saves_output ? output : input}};
  operation.equation = fmt::format("{} = {} with z = {}", a.name, text.formula, z.name);
  operation.backward_equation =
      fmt::format("d{} = d{} {} with {} = {}", z.name, a.name, text.derivative,
                  text.saves_output ? "a" : "z", saved.name);
  operation.formula = operation.kind + "({0})";
  operation.pytorch = text.pytorch;
  operation.forward = {.flops = 0, .bytes_read = z.bytes(), .bytes_written = a.bytes()};
  operation.backward = {
      .flops = 0, .bytes_read = a.bytes() + saved.bytes(), .bytes_written = z.bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
