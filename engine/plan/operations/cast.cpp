#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {
namespace {

/// The cast as PyTorch writes it; an emulated format goes there and back.
std::string cast_in_pytorch(const NumberFormat& format, bool emulated) {
  if (format.name == "tf32") return "to_tf32({0})";
  const std::string cast = "{0}.to(" + pytorch_dtype(format) + ")";
  return emulated && format.bits() < 32 ? cast + ".float()" : cast;
}

}  // namespace

std::string pytorch_dtype(const NumberFormat& format) {
  if (format.name == "fp64") return "torch.float64";
  if (format.name == "bf16") return "torch.bfloat16";
  if (format.name == "fp16") return "torch.float16";
  if (format.name == "e4m3") return "torch.float8_e4m3fn";
  if (format.name == "e5m2") return "torch.float8_e5m2";
  return "torch.float32";
}

ValueId add_cast(PlanBuilder& plan, ValueId input, const NumberFormat& format,
                 const NumberFormat& gradient_format) {
  const ValueId output = plan.add_cast_of(input, format, gradient_format);
  const PlanValue& x = plan.value(input);
  const PlanValue& y = plan.value(output);
  PlanOperation operation{
      .kind = "cast", .rule = PrecisionRule::cast, .inputs = {input}, .outputs = {output}};
  operation.formula = format.name + "({0})";
  operation.pytorch = cast_in_pytorch(format, plan.row().emulated);
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

ValueId add_cast_for_norm(PlanBuilder& plan, ValueId value) {
  const NumberFormat& format = *plan.row().norm_output;
  if (&stored_as(format, plan.row().emulated) == plan.value(value).stored) return value;
  return add_cast(plan, value, format, format);
}

}  // namespace nanscope
