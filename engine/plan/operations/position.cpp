#include <fmt/format.h>

#include "engine/plan/operations/sequence.h"

namespace nanscope {

ValueId add_position(PlanBuilder& plan, const std::string& symbol, ValueId stream, ValueId table) {
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(stream), *plan.value(stream).format, {stream, table});
  const PlanValue& e = plan.value(stream);
  const PlanValue& places = plan.value(table);
  const PlanValue& h = plan.value(output);
  PlanOperation operation{.kind = "position", .inputs = {stream, table}, .outputs = {output}};
  operation.formula = "{0} + {1}[t]";
  operation.pytorch = fmt::format("({{0}}.view(-1, {}, {}) + {{1}}).flatten(0, 1)",
                                  plan.shape_of(table)[0], plan.shape_of(table)[1]);
  operation.forward = {
      .flops = 0, .bytes_read = e.bytes() + places.bytes(), .bytes_written = h.bytes()};
  if (plan.needs_gradient(stream)) {
    operation.backward_equation = fmt::format("d{} = d{}", e.name, h.name);
    operation.passes_gradient_to = 0;
  }
  if (plan.needs_gradient(table)) {
    if (!operation.backward_equation.empty()) operation.backward_equation += ", ";
    operation.backward_equation +=
        fmt::format("d{}[t] = sum of d{} over the sequences", places.name, h.name);
    operation.backward = {.flops = 0, .bytes_read = h.bytes(), .bytes_written = places.bytes()};
  }
  return plan.add_operation(std::move(operation));
}

ValueId add_sinusoid(PlanBuilder& plan, const std::string& symbol, std::int64_t length,
                     std::int64_t width) {
  const ValueId output = plan.add_result(symbol, {length, width}, *plan.row().weight, {});
  PlanOperation operation{.kind = "sinusoid", .outputs = {output}};
  const std::string& name = plan.value(output).name;
  operation.formula = "sinusoid()";
  operation.equation = fmt::format(
      "{0}[t][2i] = sin(t / 10000^(2i/{1})), {0}[t][2i+1] = cos(t / 10000^(2i/{1}))", name, width);
  operation.pytorch = fmt::format("sinusoid({}, {})", length, width);
  operation.forward = {.flops = 0, .bytes_read = 0, .bytes_written = plan.value(output).bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
