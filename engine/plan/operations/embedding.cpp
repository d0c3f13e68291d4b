#include <fmt/format.h>

#include "engine/plan/operations/sequence.h"

namespace nanscope {

ValueId add_embedding(PlanBuilder& plan, const std::string& symbol, ValueId tokens, ValueId table) {
  std::int64_t rows = 1;
  for (const std::int64_t size : plan.shape_of(tokens)) rows *= size;
  const NumberFormat& format = *plan.value(table).format;
  const ValueId output =
      plan.add_result(symbol, {rows, plan.shape_of(table).back()}, format, {table});
  const PlanValue& x = plan.value(tokens);
  const PlanValue& weight = plan.value(table);
  const PlanValue& e = plan.value(output);
  PlanOperation operation{.kind = "embedding",
                          .rule = PrecisionRule::elementwise,
                          .inputs = {tokens, table},
                          .outputs = {output},
                          .saved = {tokens}};
  operation.formula = "{1}[{0}]";
  operation.pytorch = "F.embedding({0}.flatten().long(), {1})";
  operation.backward_equation =
      fmt::format("d{} = sum of d{} over the rows of each token", weight.name, e.name);
  operation.forward = {.flops = 0, .bytes_read = x.bytes() + e.bytes(), .bytes_written = e.bytes()};
  operation.backward = {
      .flops = 0, .bytes_read = x.bytes() + e.bytes(), .bytes_written = weight.bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
