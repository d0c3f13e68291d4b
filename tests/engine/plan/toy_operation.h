#pragma once

#include <fmt/format.h>

#include <string>

#include "engine/plan/operations/operations.h"

// An operation that the program does not have, as somebody who adds one would write it.
namespace nanscope {

/// t = 2 x.
inline ValueId add_toy(PlanBuilder& plan, const std::string& symbol, ValueId input) {
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(input), *plan.row().elementwise, {input});
  const PlanValue& x = plan.value(input);
  const PlanValue& t = plan.value(output);
  PlanOperation operation{.kind = "toy", .inputs = {input}, .outputs = {output}};
  operation.formula = operation.pytorch = "2 * {0}";
  operation.backward_equation = fmt::format("d{} = 2 d{}", x.name, t.name);
  operation.forward = {.flops = 0, .bytes_read = x.bytes(), .bytes_written = t.bytes()};
  operation.backward = {.flops = 0, .bytes_read = t.bytes(), .bytes_written = x.bytes()};
  return plan.add_operation(std::move(operation));
}

/// One layer of 8 x 8 on 4 samples: h = relu(2 x W^T).
inline PlanDescription toy_plan(const PrecisionRow& row) {
  PlanBuilder plan(row, /*networks=*/1);
  const ValueId input = plan.add_input("X", {4, 8});
  plan.begin_layer("linear 1", "1");
  const ValueId weight = plan.add_weight("W", 8, 8);
  const ValueId z = add_linear(plan, "z", input, weight, kNoValue, *row.linear_output);
  plan.add_tap(tap::preactivation, z);
  plan.add_tap(tap::weight, weight);
  const ValueId h = add_activation(plan, "h", Activation::relu, add_toy(plan, "t", z));
  plan.add_tap(tap::activation, h);
  plan.end_layer();
  return std::move(plan).finish(h, GradientPolicy::kept);
}

}  // namespace nanscope
