#include <fmt/format.h>

#include "engine/plan/operations/sequence.h"

namespace nanscope {

ValueId add_causal_mask(PlanBuilder& plan, const std::string& symbol, ValueId scores,
                        double masked) {
  const std::vector<std::int64_t> shape = plan.shape_of(scores);
  const ValueId output = plan.add_result(symbol, shape, *plan.value(scores).format, {scores});
  const PlanValue& s = plan.value(scores);
  const PlanValue& m = plan.value(output);
  const std::int64_t length = shape[2], keys = shape[3];
  PlanOperation operation{.kind = "causal_mask", .inputs = {scores}, .outputs = {output}};
  operation.masked = masked;
  operation.formula = "mask({0})";
  operation.equation = fmt::format("{} = {} where the key is no later than the query, else {}",
                                   m.name, s.name, masked);
  operation.backward_equation = fmt::format("d{} = d{} there, else 0", s.name, m.name);
  operation.pytorch =
      fmt::format("{{0}}.masked_fill(torch.ones({}, {}, dtype=torch.bool).triu({}), float(\"{}\"))",
                  length, keys, keys - length + 1, masked);
  operation.forward =
      operation.backward = {.flops = 0, .bytes_read = s.bytes(), .bytes_written = m.bytes()};
  return plan.add_operation(std::move(operation));
}

ValueId add_softmax(PlanBuilder& plan, const std::string& symbol, ValueId scores) {
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(scores), *plan.row().elementwise, {scores});
  const PlanValue& m = plan.value(scores);
  const PlanValue& p = plan.value(output);
  PlanOperation operation{
      .kind = "softmax", .inputs = {scores}, .outputs = {output}, .saved = {output}};
  operation.formula = "softmax({0})";
  operation.equation = fmt::format(
      "{0} = exp({1} - max) / sum of exp({1} - max) over the keys, "
      "with max the largest {1} of the query",
      p.name, m.name);
  operation.backward_equation = fmt::format("d{0} = {1} (d{1} - sum(d{1} {1}))", m.name, p.name);
  operation.pytorch = "F.softmax({0}, dim=-1)";
  operation.forward = {.flops = 0, .bytes_read = m.bytes(), .bytes_written = p.bytes()};
  operation.backward = {.flops = 0, .bytes_read = 2 * p.bytes(), .bytes_written = m.bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
