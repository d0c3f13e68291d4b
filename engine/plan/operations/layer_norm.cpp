#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

ValueId add_layer_norm(PlanBuilder& plan, const std::string& symbol, ValueId input) {
  const std::vector<std::int64_t> shape = plan.shape_of(input);
  std::vector<std::int64_t> of_samples = shape;
  of_samples.back() = 1;
  const NumberFormat& stored = *plan.value(input).stored;
  const ValueId output = plan.add_result(symbol, shape, *plan.row().norm_output, {input});
  const ValueId mean = plan.add_saved("mean", of_samples, stored);
  const ValueId rstd = plan.add_saved("rstd", of_samples, stored);
  const PlanValue& h = plan.value(input);
  const PlanValue& u = plan.value(output);

  PlanOperation operation{.kind = "layernorm",
                          .rule = PrecisionRule::norm,
                          .inputs = {input},
                          .outputs = {output},
                          .saved = {input, mean, rstd}};
  operation.equation =
      fmt::format("{} = ({} - mean) r with r = 1 / sqrt(var + 1e-5)", u.name, h.name);
  operation.formula = "norm({0})";
  operation.pytorch = "F.layer_norm({0}, {0:name}.shape[-1:], eps=1e-5)";
  const std::int64_t statistics = 2 * plan.value(mean).bytes();
  operation.forward = {
      .flops = 0, .bytes_read = h.bytes(), .bytes_written = u.bytes() + statistics};
  // ATen's kernels make their results anew, and these are copied.
  const std::int64_t normalized = u.elements() * (h.bytes() / h.elements());
  operation.forward_temporaries = normalized + statistics;
  if (plan.needs_gradient(input)) {
    operation.backward_temporaries = normalized;
    operation.backward_equation =
        fmt::format("d{0} = r (d{1} - mean(d{1}) - {1} mean(d{1} {1}))", h.name, u.name);
    operation.backward = {
        .flops = 0, .bytes_read = u.bytes() + h.bytes() + statistics, .bytes_written = u.bytes()};
  }
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
