#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

ValueId add_residual(PlanBuilder& plan, const std::string& symbol, ValueId stream, ValueId branch) {
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(stream), *plan.row().elementwise, {stream, branch});
  const std::string& sum = plan.value(output).name;
  const std::int64_t bytes = plan.value(output).bytes();
  PlanOperation operation{.kind = "residual", .inputs = {stream, branch}, .outputs = {output}};
  operation.formula = operation.pytorch = "{0} + {1}";
  operation.backward_equation = fmt::format("d{} = d{}", plan.value(branch).name, sum);
  operation.forward = {.flops = 0, .bytes_read = 2 * bytes, .bytes_written = bytes};
  if (plan.needs_gradient(stream)) {
    operation.backward_equation += fmt::format(", d{} = d{}", plan.value(stream).name, sum);
    operation.backward = {.flops = 0, .bytes_read = bytes, .bytes_written = bytes};
  }
  operation.passes_gradient_to = 1;
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
