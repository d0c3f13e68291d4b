#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

ValueId add_mse(PlanBuilder& plan, ValueId prediction, ValueId target) {
  const NumberFormat& format = *plan.value(prediction).stored;
  const ValueId loss = plan.add_result("L", {}, format, {prediction});
  const ValueId square = plan.add_scratch("square", plan.shape_of(prediction), format);
  const PlanValue& y = plan.value(prediction);
  const std::string& t = plan.value(target).name;
  std::int64_t elements = 1;  // of one network
  for (const std::int64_t size : plan.shape_of(prediction)) elements *= size;
  const std::int64_t both = y.bytes() + plan.value(target).bytes();
  PlanOperation operation{.kind = "mse",
                          .rule = PrecisionRule::loss,
                          .inputs = {prediction, target},
                          .outputs = {loss},
                          .saved = {prediction, target},
                          .scratch = {square}};
  operation.formula = "mean(({0} - {1})^2)";
  operation.pytorch = "F.mse_loss({0}, {1})";
  operation.backward_equation = fmt::format("d{0} = 2 ({0} - {1}) dL / {2}", y.name, t, elements);
  operation.forward = {.flops = 0, .bytes_read = both, .bytes_written = plan.value(loss).bytes()};
  operation.backward = {.flops = 0, .bytes_read = both, .bytes_written = y.bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
