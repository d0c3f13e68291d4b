#include "engine/plan/task.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

constexpr int kMostClasses = 1000;

/// Moves the target's column of a file from its inputs to its targets.
Result<void> take_target(const DataSpec& data, Table& table) {
  if (table.columns < 2)
    return input_error(data.path,
                       "has one column; training takes inputs and a target beside them.");
  if (data.target > table.columns)
    return input_error("data.target",
                       "there is no column {} in {}; it takes a number from 1 to {}, or 0 for the "
                       "last one.",
                       data.target, data.path, table.columns);
  const int column = data.target == 0 ? table.columns - 1 : data.target - 1;
  std::vector<double> inputs;
  inputs.reserve(table.values.size());
  for (std::size_t i = 0; i < table.values.size(); ++i)
    if (static_cast<int>(i % static_cast<std::size_t>(table.columns)) == column)
      table.targets.push_back(table.values[i]);
    else
      inputs.push_back(table.values[i]);
  table.values = std::move(inputs);
  --table.columns;
  return {};
}

/// Reads the targets of a file as classes.
Result<void> count_classes(const DataSpec& data, Table& table) {
  for (std::size_t row = 0; row < table.targets.size(); ++row) {
    const double target = table.targets[row];
    if (target != std::floor(target) || target < 0 || target >= kMostClasses)
      return input_error("loss",
                         "cross_entropy wants classes, and the target of row {} of {} is {}; it "
                         "takes whole numbers from 0 to {}, and numbers of any kind take loss=mse.",
                         row + 1, data.path, target, kMostClasses - 1);
    table.classes = std::max(table.classes, static_cast<int>(target) + 1);
  }
  if (table.classes >= 2) return {};
  return input_error(
      "loss", "cross_entropy wants two classes at least, and every target of {} is 0.", data.path);
}

Result<Table> read_taught(const Experiment& experiment) {
  const DataSpec& data = experiment.data;
  Result<Table> table = read_data(data, experiment.network.precision);
  if (!table || data.kind != DataKind::file) return table;
  if (const auto taken = take_target(data, *table); !taken) return tl::unexpected(taken.error());
  if (experiment.training.loss == Loss::cross_entropy)
    if (const auto counted = count_classes(data, *table); !counted)
      return tl::unexpected(counted.error());
  return table;
}

Result<void> split(const Experiment& experiment, TrainingTask& task) {
  const DataSpec& data = experiment.data;
  task.held_out = std::llround(data.held_out * task.table.rows);
  if (data.batch <= task.training_rows()) return {};
  return input_error("batch",
                     "{} is more than the {} rows of {} that are trained on, of which {} are held "
                     "out; it takes a whole number from 1 to {}.",
                     data.batch, task.training_rows(),
                     data.kind == DataKind::file ? data.path : name_of(data.kind), task.held_out,
                     task.training_rows());
}

}  // namespace

Result<TrainingTask> training_task(const Experiment& experiment) {
  const NetworkSpec& network = experiment.network;
  const DataSpec& data = experiment.data;
  const Loss loss = experiment.training.loss;
  if (network.device == DeviceKind::cuda)
    return input_error("device", "cuda does not train yet; it takes auto or cpu.");
  if (network.networks > 1)
    return input_error("networks", "{} do not train side by side yet; it takes 1.",
                       network.networks);
  TrainingTask task{.table = {}, .features = network.model.width};
  if (reads_table(data.kind)) {
    Result<Table> table = read_taught(experiment);
    if (!table) return tl::unexpected(table.error());
    task.table = *std::move(table);
    task.features = task.table.columns;
    if (const auto done = split(experiment, task); !done) return tl::unexpected(done.error());
  }
  const bool classes = task.table.classes > 0;
  if (loss == Loss::cross_entropy && !classes)
    return input_error("loss",
                       "cross_entropy wants classes, and what data.kind={} teaches is a number; it "
                       "takes mse or auto.",
                       name_of(data.kind));
  task.outputs = classes ? task.table.classes : 1;
  task.loss = classes && loss != Loss::mse ? Loss::cross_entropy : Loss::mse;
  return task;
}

}  // namespace nanscope
