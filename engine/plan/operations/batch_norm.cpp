#include <fmt/format.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

ValueId add_batch_norm(PlanBuilder& plan, const std::string& symbol, ValueId input) {
  const std::vector<std::int64_t> shape = plan.shape_of(input);
  std::vector<std::int64_t> of_features = shape;
  of_features[of_features.size() - 2] = 1;
  const NumberFormat& stored = *plan.value(input).stored;
  const NumberFormat& wide = stored.bits() < 32 ? *find_format("fp32") : stored;
  const ValueId output = plan.add_result(symbol, shape, *plan.row().norm_output, {input});
  const ValueId mean = plan.add_saved("mean", of_features, wide);
  const ValueId rstd = plan.add_saved("rstd", of_features, wide);
  const std::vector<ValueId> scratch{plan.add_scratch("wide", shape, wide),
                                     plan.add_scratch("product", shape, wide),
                                     plan.add_scratch("of_batch", of_features, wide)};

  PlanOperation operation{.kind = "batchnorm",
                          .rule = PrecisionRule::norm,
                          .inputs = {input},
                          .outputs = {output},
                          .saved = {input, mean, rstd},
                          .scratch = scratch};
  operation.pytorch = "F.batch_norm({0}, None, None, training=True, eps=1e-5)";
  std::int64_t statistics = plan.value(mean).bytes() + plan.value(rstd).bytes();
  operation.backward.bytes_read = statistics;
  if (plan.keeps_running()) {
    const RunningStatistics running = plan.add_running(shape.back(), wide);
    operation.inputs = {input, running.mean, running.variance};
    operation.pytorch =
        "F.batch_norm({0}, {1:name}, {2:name}, training=training, "
        "momentum=momentum, eps=1e-5)";
    operation.forward.bytes_read += statistics;  // as large as those of the batch
    statistics *= 2;
  }
  const PlanValue& h = plan.value(input);
  const PlanValue& u = plan.value(output);
  operation.equation = fmt::format(
      "{} = ({} - mean) r with r = 1 / sqrt(var + 1e-5), over the batch", u.name, h.name);
  operation.formula = "norm({0})";
  operation.forward.bytes_read += h.bytes();
  operation.forward.bytes_written = u.bytes() + statistics;
  if (plan.needs_gradient(input)) {
    // A du of 16 bits is widened to what it is multiplied with.
    if (stored.bits() < wide.bits())
      operation.backward_temporaries = plan.value(scratch[0]).bytes();
    operation.backward_equation =
        fmt::format("d{0} = r (d{1} - mean(d{1}) - {1} mean(d{1} {1}))", h.name, u.name);
    operation.backward.bytes_read += u.bytes() + h.bytes();
    operation.backward.bytes_written = u.bytes();
  } else {
    operation.backward = {};
  }
  return plan.add_operation(std::move(operation));
}

}  // namespace nanscope
