#include <fmt/format.h>

#include "engine/plan/operations/sequence.h"

namespace nanscope {

RotaryAngles add_rotary_angles(PlanBuilder& plan, std::int64_t length, std::int64_t head_width) {
  const NumberFormat& format = *plan.row().elementwise;
  const RotaryAngles angles{.cos = plan.add_result("cos", {length, head_width / 2}, format, {}),
                            .sin = plan.add_result("sin", {length, head_width / 2}, format, {})};
  PlanOperation operation{.kind = "rotary_angles", .outputs = {angles.cos, angles.sin}};
  operation.formula = "angles()";
  operation.equation =
      fmt::format("{} = cos(t / 10000^(2i/{})), {} = sin of the same", plan.value(angles.cos).name,
                  head_width, plan.value(angles.sin).name);
  operation.pytorch = fmt::format("rotary_angles({}, {})", length, head_width);
  operation.forward = {
      .flops = 0, .bytes_read = 0, .bytes_written = 2 * plan.value(angles.cos).bytes()};
  plan.add_operation(std::move(operation));
  return angles;
}

ValueId add_rotary(PlanBuilder& plan, const std::string& symbol, ValueId rows,
                   RotaryAngles angles) {
  const ValueId output =
      plan.add_result(symbol, plan.shape_of(rows), *plan.value(rows).format, {rows});
  const PlanValue& x = plan.value(rows);
  const PlanValue& y = plan.value(output);
  const PlanValue& cos = plan.value(angles.cos);
  const PlanValue& sin = plan.value(angles.sin);
  PlanOperation operation{.kind = "rotary",
                          .inputs = {rows, angles.cos, angles.sin},
                          .outputs = {output},
                          .saved = {angles.cos, angles.sin}};
  operation.formula = "turned({0})";
  operation.equation =
      fmt::format("{} = ({}1 {} - {}2 {}, {}2 {} + {}1 {}) of each head's halves", y.name, x.name,
                  cos.name, x.name, sin.name, x.name, cos.name, x.name, sin.name);
  operation.backward_equation =
      fmt::format("d{} = (d{}1 {} + d{}2 {}, d{}2 {} - d{}1 {})", x.name, y.name, cos.name, y.name,
                  sin.name, y.name, cos.name, y.name, sin.name);
  operation.pytorch = "rotated({0}, {1}, {2})";
  const Cost cost{
      .flops = 0, .bytes_read = x.bytes() + 2 * cos.bytes(), .bytes_written = y.bytes()};
  operation.forward = operation.backward = cost;
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
