#include <fmt/format.h>

#include "engine/plan/operations/sequence.h"

namespace nanscope {

ValueId add_swiglu(PlanBuilder& plan, const std::string& symbol, ValueId gate, ValueId value) {
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(gate), *plan.row().elementwise, {gate, value});
  const PlanValue& g = plan.value(gate);
  const PlanValue& v = plan.value(value);
  const PlanValue& h = plan.value(output);
  PlanOperation operation{
      .kind = "swiglu", .inputs = {gate, value}, .outputs = {output}, .saved = {gate, value}};
  operation.formula = "silu({0}) {1}";
  operation.pytorch = "F.silu({0}) * {1}";
  operation.backward_equation = fmt::format(
      "d{0} = d{2} {1} s (1 + {0} (1 - s)) with s = sigmoid({0}), d{1} = d{2} silu({0})", g.name,
      v.name, h.name);
  operation.forward = {.flops = 0, .bytes_read = g.bytes() + v.bytes(), .bytes_written = h.bytes()};
  operation.backward = {.flops = 0,
                        .bytes_read = 2 * h.bytes() + 2 * g.bytes() + v.bytes(),
                        .bytes_written = g.bytes() + v.bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
