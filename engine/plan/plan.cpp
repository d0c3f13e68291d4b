#include "engine/plan/plan.h"

#include "engine/plan/memory.h"
#include "engine/plan/models/models.h"
#include "engine/plan/operations/operations.h"
#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {
namespace {

/// Columns of the data; the model's width where it is drawn.
Result<int> features_of(const NetworkSpec& network, const DataSpec& data) {
  if (!reads_table(data.kind)) return network.model.width;
  const Result<Table> table = read_data(data, network.precision);
  if (!table) return tl::unexpected(table.error());
  return table->columns;
}

ValueId append_model(PlanBuilder& plan, const Model& model, ValueId input, double dropout) {
  if (model.kind == ModelKind::deep_linear) return append_deep_linear(plan, model, input, dropout);
  return append_mlp(plan, model, input, dropout);
}

ValueId append_loss(PlanBuilder& plan, const Model& model, const TrainingPlan& training,
                    ValueId output) {
  const ValueId prediction = append_head(plan, model, training.outputs, output);
  const ValueId target =
      plan.add_target("T", plan.shape_of(prediction), *plan.value(prediction).stored);
  plan.begin_layer("loss", "");
  const ValueId loss = training.loss == Loss::mse ? add_mse(plan, prediction, target)
                                                  : add_cross_entropy(plan, prediction, target);
  plan.end_layer();
  const OptimizerText& optimizer = optimizer_text(training.optimizer);
  plan.add_optimizer_state(optimizer.state, optimizer.counts_steps);
  return loss;
}

}  // namespace

PlanDescription describe_plan(const NetworkSpec& network, const PrecisionRow& precision,
                              const PlanOptions& options) {
  PlanBuilder plan(precision, network.networks, options.running);
  const ValueId input = plan.add_input("X", {options.batch, options.features});
  ValueId output = append_model(plan, network.model, input, options.dropout);
  plan.recompute_in(options.recompute);
  if (options.training) output = append_loss(plan, network.model, *options.training, output);
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

Result<PlanDescription> describe_training(const Experiment& experiment, const TrainingTask& task,
                                          std::optional<std::int64_t> batch) {
  const NetworkSpec& network = experiment.network;
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  if (!row) return tl::unexpected(row.error());
  PlanDescription plan =
      describe_plan(network, *row,
                    {.batch = batch.value_or(experiment.data.batch),
                     .features = task.features,
                     .gradients = GradientPolicy::owned,
                     .training = TrainingPlan{.loss = task.loss,
                                              .outputs = task.outputs,
                                              .optimizer = experiment.training.optimizer.kind},
                     .dropout = experiment.training.dropout,
                     .recompute = experiment.training.recompute,
                     .running = true});
  align_parts(plan);
  return plan;
}

}  // namespace nanscope
