#include "engine/plan/plan.h"

#include "engine/plan/models/models.h"

namespace nanscope {
namespace {

/// Columns of the data; the model's width where it is drawn.
Result<int> features_of(const NetworkSpec& network, const DataSpec& data) {
  if (data.kind != DataKind::digits && data.kind != DataKind::file) return network.model.width;
  const Result<Table> table = read_data(data, network.precision);
  if (!table) return tl::unexpected(table.error());
  return table->columns;
}

}  // namespace

PlanDescription describe_plan(const NetworkSpec& network, const PrecisionRow& precision,
                              const PlanOptions& options) {
  PlanBuilder plan(precision, network.networks);
  const ValueId input = plan.add_input("X", {options.batch, options.features});
  ValueId output = input;
  switch (network.model.kind) {
    case ModelKind::mlp:
      output = append_mlp(plan, network.model, input);
      break;
    case ModelKind::deep_linear:
      output = append_deep_linear(plan, network.model, input);
      break;
  }
  return std::move(plan).finish(output, options.gradients);
}

Result<PlanDescription> describe_pass(const NetworkSpec& network, const DataSpec& data,
                                      std::optional<GradientPolicy> gradients) {
  const bool cuda = network.device == DeviceKind::cuda;
  const auto row = precision_row(network.precision, network.execution, cuda);
  if (!row) return tl::unexpected(row.error());
  const Result<int> features = features_of(network, data);
  if (!features) return tl::unexpected(features.error());
  return describe_plan(network, *row,
                       {.batch = data.batch,
                        .features = *features,
                        .gradients = gradients.value_or(gradients_of_pass(cuda))});
}

}  // namespace nanscope
