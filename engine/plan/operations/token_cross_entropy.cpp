#include <fmt/format.h>

#include "engine/plan/operations/sequence.h"

namespace nanscope {

ValueId add_token_cross_entropy(PlanBuilder& plan, ValueId prediction, ValueId target) {
  const NumberFormat& format = *plan.value(prediction).stored;
  const ValueId loss = plan.add_result("L", {}, format, {prediction});
  const ValueId logarithm = plan.add_saved("logp", plan.shape_of(prediction), format);
  const PlanValue& y = plan.value(prediction);
  const PlanValue& t = plan.value(target);
  const std::int64_t rows = plan.shape_of(prediction)[0];
  PlanOperation operation{.kind = "token_cross_entropy",
                          .rule = PrecisionRule::loss,
                          .inputs = {prediction, target},
                          .outputs = {loss},
                          .saved = {target, logarithm}};
  operation.equation = fmt::format("L = -sum(logp[{}]) / {} with logp = {} - log(sum(exp({})))",
                                   t.name, rows, y.name, y.name);
  operation.formula = "cross_entropy({0}, {1})";
  operation.pytorch = "F.cross_entropy({0}, {1}.flatten().long(), ignore_index=-1)";
  operation.backward_equation =
      fmt::format("d{} = (exp(logp) - [{}]) dL / {}", y.name, t.name, rows);
  operation.forward = {.flops = 0,
                       .bytes_read = y.bytes() + t.bytes(),
                       .bytes_written = y.bytes() + plan.value(loss).bytes()};
  operation.backward = {
      .flops = 0, .bytes_read = t.bytes() + y.bytes(), .bytes_written = y.bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
