#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

ValueId add_dropout(PlanBuilder& plan, const std::string& symbol, double dropped, ValueId input) {
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(input), *plan.row().elementwise, {input});
  const ValueId mask =
      plan.add_saved("m" + symbol.substr(1), plan.shape_of(input), *plan.value(output).stored);
  const std::string& a = plan.value(input).name;
  const std::string& h = plan.value(output).name;
  const std::string& m = plan.value(mask).name;
  const std::int64_t bytes = plan.value(output).bytes();
  PlanOperation operation{
      .kind = "dropout", .inputs = {input}, .outputs = {output}, .saved = {mask}};
  operation.dropped = dropped;
  operation.equation =
      fmt::format("{} = {} {} with {} = Bernoulli({}) / {}", h, a, m, m, 1 - dropped, 1 - dropped);
  operation.backward_equation = fmt::format("d{} = d{} {}", a, h, m);
  operation.formula = "dropout({0})";
  operation.pytorch = fmt::format("F.dropout({{0}}, {}, training)", dropped);
  operation.forward = {.flops = 0, .bytes_read = bytes, .bytes_written = 2 * bytes};
  operation.backward = {.flops = 0, .bytes_read = 2 * bytes, .bytes_written = bytes};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
