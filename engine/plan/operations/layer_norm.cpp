#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

namespace {

/// Backward by the normalized values n, which are u itself where nothing is learned.
std::string layer_norm_backward(const PlanBuilder& plan, const PlanOperation& operation) {
  const PlanValue& h = plan.value(operation.inputs[0]);
  const PlanValue& u = plan.value(operation.outputs[0]);
  const bool learns = operation.inputs.size() > 1;
  std::string text;
  if (plan.needs_gradient(operation.inputs[0]))
    text = learns
               ? fmt::format("d{0} = r (dn - mean(dn) - n mean(dn n)) with dn = d{1} {2}", h.name,
                             u.name, plan.value(operation.inputs[1]).name)
               : fmt::format("d{0} = r (d{1} - mean(d{1}) - {1} mean(d{1} {1}))", h.name, u.name);
  if (learns)
    text += fmt::format("{}d{} = sum over rows of d{} n", text.empty() ? "" : ", ",
                        plan.value(operation.inputs[1]).name, u.name);
  if (operation.inputs.size() > 2)
    text +=
        fmt::format(", d{} = sum over rows of d{}", plan.value(operation.inputs[2]).name, u.name);
  return text;
}

}  // namespace

ValueId add_layer_norm(PlanBuilder& plan, const std::string& symbol, ValueId input,
                       NormParameters learned) {
  const std::vector<std::int64_t> shape = plan.shape_of(input);
  std::vector<std::int64_t> of_samples = shape;
  of_samples.back() = 1;
  const NumberFormat& stored = *plan.value(input).stored;
  std::vector<ValueId> inputs{input};
  for (const ValueId one : {learned.scale, learned.shift})
    if (one != kNoValue) inputs.push_back(one);
  const ValueId output = plan.add_result(symbol, shape, *plan.row().norm_output, inputs);
  const ValueId mean = plan.add_saved("mean" + symbol.substr(1), of_samples, stored);
  const ValueId rstd = plan.add_saved("rstd" + symbol.substr(1), of_samples, stored);
  const PlanValue& h = plan.value(input);
  const PlanValue& u = plan.value(output);

  PlanOperation operation{.kind = "layernorm",
                          .rule = PrecisionRule::norm,
                          .inputs = inputs,
                          .outputs = {output},
                          .saved = {input, mean, rstd}};
  std::int64_t parameters = 0;
  std::string scaled, shifted;
  operation.pytorch = "F.layer_norm({0}, {0:name}.shape[-1:], eps=1e-5)";
  if (inputs.size() > 1) {
    parameters += plan.value(inputs[1]).bytes();
    operation.saved.push_back(inputs[1]);
    scaled = " " + plan.value(inputs[1]).name;
    operation.pytorch = "F.layer_norm({0}, {0:name}.shape[-1:], {1}, eps=1e-5)";
  }
  if (inputs.size() > 2) {
    parameters += plan.value(inputs[2]).bytes();
    shifted = " + " + plan.value(inputs[2]).name;
    operation.pytorch = "F.layer_norm({0}, {0:name}.shape[-1:], {1}, {2}, eps=1e-5)";
  }
  operation.equation = fmt::format("{} = ({} - mean) r{}{} with r = 1 / sqrt(var + 1e-5)", u.name,
                                   h.name, scaled, shifted);
  operation.formula = "norm({0})";
  const std::int64_t statistics = 2 * plan.value(mean).bytes();
  operation.forward = {
      .flops = 0, .bytes_read = h.bytes() + parameters, .bytes_written = u.bytes() + statistics};
  operation.backward_equation = layer_norm_backward(plan, operation);
  // ATen's kernels make their results anew, and these are copied.
  const std::int64_t normalized = u.elements() * (h.bytes() / h.elements());
  operation.forward_temporaries = normalized + statistics;
  if (plan.needs_gradient(input) || parameters > 0) {
    operation.backward_temporaries = normalized;
    const std::int64_t scale = inputs.size() > 1 ? plan.value(inputs[1]).bytes() : 0;
    operation.backward = {
        .flops = 0,
        .bytes_read = u.bytes() + h.bytes() + statistics + scale,
        .bytes_written = (plan.needs_gradient(input) ? u.bytes() : 0) + parameters};
  }
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
