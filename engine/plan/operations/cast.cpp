#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

ValueId add_cast(PlanBuilder& plan, ValueId input, const NumberFormat& format,
                 const NumberFormat& gradient_format) {
  const ValueId output = plan.add_cast_of(input, format, gradient_format);
  const PlanValue& x = plan.value(input);
  const PlanValue& y = plan.value(output);
  PlanOperation operation{
      .kind = "cast", .rule = PrecisionRule::cast, .inputs = {input}, .outputs = {output}};
  operation.formula = format.name + "({0})";
  operation.pytorch = "{0}";
  operation.forward = {.flops = 0, .bytes_read = x.bytes(), .bytes_written = y.bytes()};
  if (plan.needs_gradient(input)) {
    const PlanValue& dx = plan.value(x.gradient);
    operation.backward_equation = fmt::format("d{} = {}(d{})", x.name, dx.format->name, y.name);
    operation.backward = {
        .flops = 0, .bytes_read = plan.value(y.gradient).bytes(), .bytes_written = dx.bytes()};
  }
  operation.passes_gradient_to = 0;
  return plan.add_operation(std::move(operation));
}

ValueId add_cast_for_product(PlanBuilder& plan, ValueId value, const NumberFormat& format) {
  const PlanValue& of = plan.value(value);
  const bool same_bits = &stored_as(format, plan.row().emulated) == of.stored;
  if (same_bits && (!plan.row().emulated || of.format == &format)) return value;
  return add_cast(plan, value, format, *plan.row().linear_output);
}

}  // namespace nanscope
