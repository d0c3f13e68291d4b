#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {
namespace {

std::string linear_backward_equation(const PlanBuilder& plan, ValueId input, ValueId weight,
                                     ValueId bias, ValueId output) {
  const std::string& x = plan.value(input).name;
  const std::string& w = plan.value(weight).name;
  const std::string& z = plan.value(output).name;
  std::string text = fmt::format("d{} = d{}^T {}", w, z, x);
  if (plan.needs_gradient(input)) text = fmt::format("d{} = d{} {}, ", x, z, w) + text;
  if (bias != kNoValue)
    text += fmt::format(", d{} = sum over samples of d{}", plan.value(bias).name, z);
  return text;
}

/// In, weight and out; backward is one product for each gradient.
void add_linear_costs(const PlanBuilder& plan, PlanOperation& operation, ValueId output) {
  const PlanValue& x = plan.value(operation.inputs[0]);
  const PlanValue& w = plan.value(operation.inputs[1]);
  const PlanValue& z = plan.value(output);
  const double product =
      matmul_flops(static_cast<double>(z.elements()), static_cast<double>(x.shape.back()), /*n=*/1);
  const std::int64_t bias =
      operation.inputs.size() > 2 ? plan.value(operation.inputs[2]).bytes() : 0;
  operation.forward = {
      .flops = product, .bytes_read = x.bytes() + w.bytes() + bias, .bytes_written = z.bytes()};
  operation.backward = {
      .flops = product, .bytes_read = z.bytes() + x.bytes(), .bytes_written = w.bytes()};
  if (plan.needs_gradient(operation.inputs[0]))
    operation.backward +=
        {.flops = product, .bytes_read = z.bytes() + w.bytes(), .bytes_written = x.bytes()};
  if (bias > 0) operation.backward += {.flops = 0, .bytes_read = z.bytes(), .bytes_written = bias};
}

}  // namespace

std::vector<ValueId> add_delta_scratch(PlanBuilder& plan, const std::string& symbol,
                                       const std::vector<std::int64_t>& shape,
                                       const NumberFormat& format) {
  const PrecisionRow& row = plan.row();
  if (!row.emulated || row.linear_input == &format || row.linear_input == row.linear_output)
    return {};
  return {plan.add_scratch(fmt::format("d{}_{}", symbol, row.linear_input->name), shape,
                           *row.linear_input)};
}

ValueId add_linear(PlanBuilder& plan, const std::string& symbol, ValueId input, ValueId weight,
                   ValueId bias, const NumberFormat& format) {
  std::vector<std::int64_t> shape = plan.shape_of(input);
  shape.back() = plan.shape_of(weight).front();
  const ValueId output = plan.add_result(symbol, shape, format, {weight});

  PlanOperation operation{.kind = "linear",
                          .rule = PrecisionRule::product,
                          .inputs = {input, weight},
                          .outputs = {output}};
  operation.formula = "{0} {1}^T";
  operation.pytorch = "F.linear({0}, {1})";
  if (bias != kNoValue) {
    operation.inputs.push_back(bias);
    operation.formula = "{0} {1}^T + {2}";
    operation.pytorch = "F.linear({0}, {1}, {2})";
  }
  operation.saved = {input, weight};
  operation.backward_equation = linear_backward_equation(plan, input, weight, bias, output);
  add_linear_costs(plan, operation, output);
  operation.scratch = add_delta_scratch(plan, symbol, shape, format);
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
