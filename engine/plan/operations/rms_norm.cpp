#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

ValueId add_rms_norm(PlanBuilder& plan, const std::string& symbol, ValueId input, ValueId scale) {
  const std::vector<std::int64_t> shape = plan.shape_of(input);
  std::vector<std::int64_t> of_samples = shape;
  of_samples.back() = 1;
  const NumberFormat& stored = *plan.value(input).stored;
  const NumberFormat& wide = stored.bits() < 32 ? *find_format("fp32") : stored;
  std::vector<ValueId> inputs{input};
  if (scale != kNoValue) inputs.push_back(scale);
  const ValueId output = plan.add_result(symbol, shape, *plan.row().norm_output, inputs);
  const ValueId rrms = plan.add_saved("rrms" + symbol.substr(1), of_samples, wide);
  const std::vector<ValueId> scratch{plan.add_scratch("wide", shape, wide),
                                     plan.add_scratch("product", shape, wide),
                                     plan.add_scratch("mean", of_samples, wide)};
  const PlanValue& h = plan.value(input);
  const PlanValue& u = plan.value(output);

  PlanOperation operation{.kind = "rmsnorm",
                          .rule = PrecisionRule::norm,
                          .inputs = inputs,
                          .outputs = {output},
                          .saved = {input, rrms},
                          .scratch = scratch};
  operation.formula = "norm({0})";
  const std::int64_t statistics = plan.value(rrms).bytes();
  if (scale == kNoValue) {
    operation.equation =
        fmt::format("{0} = {1} r with r = 1 / sqrt(mean({1}^2) + 1e-5)", u.name, h.name);
    operation.pytorch = "F.rms_norm({0}, {0:name}.shape[-1:], eps=1e-5)";
    operation.forward = {
        .flops = 0, .bytes_read = h.bytes(), .bytes_written = u.bytes() + statistics};
    if (plan.needs_gradient(input)) {
      // A du of 16 bits is widened to what it is multiplied with.
      if (stored.bits() < wide.bits())
        operation.backward_temporaries = plan.value(scratch[0]).bytes();
      operation.backward_equation =
          fmt::format("d{0} = r (d{1} - {1} mean(d{1} {1}))", h.name, u.name);
      operation.backward = {
          .flops = 0, .bytes_read = u.bytes() + h.bytes() + statistics, .bytes_written = u.bytes()};
    }
    return plan.add_operation(std::move(operation));
  }
  const PlanValue& g = plan.value(scale);
  operation.saved.push_back(scale);
  operation.equation =
      fmt::format("{0} = {1} r {2} with r = 1 / sqrt(mean({1}^2) + 1e-5)", u.name, h.name, g.name);
  operation.pytorch = "F.rms_norm({0}, {0:name}.shape[-1:], {1}, eps=1e-5)";
  operation.backward_equation = fmt::format("d{} = sum over rows of d{} n", g.name, u.name);
  if (plan.needs_gradient(input))
    operation.backward_equation =
        fmt::format("d{0} = r (dn - n mean(dn n)) with dn = d{1} {2}, n = {0} r, ", h.name, u.name,
                    g.name) +
        operation.backward_equation;
  operation.forward = {
      .flops = 0, .bytes_read = h.bytes() + g.bytes(), .bytes_written = u.bytes() + statistics};
  operation.backward = {.flops = 0,
                        .bytes_read = u.bytes() + h.bytes() + statistics + g.bytes(),
                        .bytes_written = (plan.needs_gradient(input) ? u.bytes() : 0) + g.bytes()};
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
