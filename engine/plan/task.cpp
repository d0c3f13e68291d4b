#include "engine/plan/task.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/base/nearest_name.h"
#include "engine/base/text_encoding.h"
#include "engine/experiment/keys.h"
#include "engine/precision/precision.h"

namespace nanscope {
namespace {

constexpr int kMostClasses = 1000;

/// The column that data.target means, counted from 0. A name goes before a number: columns may be
/// called after years.
Result<int> target_column(const DataSpec& data, const Table& table) {
  const std::vector<std::string>& names = table.reading.names;
  if (data.target.empty()) return table.columns - 1;
  const auto named = std::ranges::find(names, data.target);
  if (named - names.begin() < std::min<std::ptrdiff_t>(std::ssize(names), table.columns)) {
    const auto first = static_cast<int>(named - names.begin());
    if (std::find(named + 1, names.end(), data.target) == names.end()) return first;
    return input_error("data.target",
                       "{} columns of {} are called {}; give the number of one of them, the first "
                       "being {}.",
                       std::ranges::count(names, data.target), data.path, shown_words(data.target),
                       first + 1);
  }
  int number = 0;
  const char* end = data.target.data() + data.target.size();
  const auto [stop, code] = std::from_chars(data.target.data(), end, number);
  if (code == std::errc() && stop == end && number >= 1 && number <= table.columns)
    return number - 1;
  const auto foreign = std::ranges::find_if(
      names, [](const std::string& name) { return first_not_utf8(name).has_value(); });
  if (foreign != names.end())
    return input_error("data.target",
                       "there is no column {} in {}, in whose header, {}, {}; or give the number "
                       "of the column, from 1 to {}.",
                       shown_words(data.target), data.path, *foreign,
                       not_utf8_words(*foreign, *first_not_utf8(*foreign)), table.columns);
  const std::string near = nearest_name(data.target, names);
  return input_error("data.target",
                     "there is no column {} in {}; it takes a number from 1 to {}, a name of the "
                     "header{}, or nothing for the last one.",
                     shown_words(data.target), data.path, table.columns,
                     near.empty() ? Message() : message(" (did you mean {}?)", near));
}

/// Moves a column of a file from its inputs to its targets.
Result<void> take_target(const DataSpec& data, int column, Table& table) {
  if (table.columns < 2)
    return input_error(data.path,
                       "has one column; training takes inputs and a target beside them.");
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

Result<void> read_taught(const Experiment& experiment, TrainingTask& task) {
  const DataSpec& data = experiment.data;
  Result<Table> table = read_data(data, experiment.network.precision);
  if (!table) return tl::unexpected(table.error());
  task.table = *std::move(table);
  if (data.kind != DataKind::file) return {};
  const Result<int> column = target_column(data, task.table);
  if (!column) return tl::unexpected(column.error());
  task.target = *column;
  if (auto taken = take_target(data, task.target, task.table); !taken) return taken;
  return experiment.training.loss == Loss::cross_entropy ? count_classes(data, task.table)
                                                         : Result<void>();
}

/// Whose rows they are.
std::string_view rows_of(const DataSpec& data) {
  return data.kind == DataKind::file ? std::string_view(data.path) : name_of(data.kind);
}

Result<void> split(const Experiment& experiment, TrainingTask& task) {
  const DataSpec& data = experiment.data;
  task.held_out = held_out_rows(data, task.table.rows);
  // The share that nobody has chosen holds nothing out of a row or two.
  if (task.held_out == 0 && data.held_out > 0 && data.held_out != DataSpec().held_out)
    return input_error(
        "data.held_out",
        "{} of the rows of {}, of which there are {}, is less than half a row, so "
        "that none is held out; it takes {}.",
        data.held_out, rows_of(data), task.table.rows,
        task.table.rows > 1 ? message("0, or {} at least", 0.5 / task.table.rows) : message("0"));
  if (data.batch <= task.training_rows()) return {};
  if (task.training_rows() == 0)
    return input_error("data.held_out",
                       "{} holds out all {} rows of {}; a smaller share leaves some to train on.",
                       data.held_out, task.held_out, rows_of(data));
  return input_error("batch",
                     "{} is more than the {} rows of {} that are trained on while {} are held "
                     "out; it takes a whole number from 1 to {}.",
                     data.batch, task.training_rows(), rows_of(data), task.held_out,
                     task.training_rows());
}

}  // namespace

Result<void> check_held_by_format(const Experiment& experiment) {
  const NetworkSpec& network = experiment.network;
  const TrainingSpec& training = experiment.training;
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  if (!row || row->emulated) return {};
  const auto held = [&](const char* key, double value) -> Result<void> {
    if (value <= row->weight->largest) return {};
    return input_error(key,
                       "{} is more than {} has, in which PyTorch takes it with precision={} and "
                       "execution={}; it takes a number from 0 to {}.",
                       value, row->weight->name, name_of(network.precision),
                       name_of(network.execution), row->weight->largest);
  };
  if (auto good = held("clip.value", training.clip_value); !good) return good;
  if (training.optimizer.kind != OptimizerKind::rmsprop) return {};
  if (auto good = held("optimizer.weight_decay", training.optimizer.weight_decay); !good)
    return good;
  return training.optimizer.momentum > 0 ? held("optimizer.lr", training.optimizer.lr)
                                         : Result<void>();
}

Result<TrainingTask> training_task(const Experiment& experiment) {
  const NetworkSpec& network = experiment.network;
  const DataSpec& data = experiment.data;
  const Loss loss = experiment.training.loss;
  if (network.device == DeviceKind::cuda)
    return input_error("device", "cuda does not train yet; it takes auto or cpu.");
  if (experiment.training.optimizer.kind == OptimizerKind::muon && network.model.bias)
    return input_error("optimizer.kind",
                       "muon steps matrices alone, and the biases are vectors; it takes "
                       "model.bias=false.");
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  if (experiment.training.loss_scale.kind != LossScaleKind::none && row && row->weight->bits() < 32)
    return input_error("loss_scale.kind",
                       "{} takes weights and gradients in fp32 or fp64, as torch.amp.GradScaler "
                       "does, and precision={} has them in {}; take mixed_fp16 or mixed_bf16.",
                       name_of(experiment.training.loss_scale.kind), name_of(network.precision),
                       row->weight->name);
  if (auto good = check_held_by_format(experiment); !good) return tl::unexpected(good.error());
  TrainingTask task{.table = {}, .features = network.model.width};
  if (reads_table(data.kind)) {
    if (const auto read = read_taught(experiment, task); !read) return tl::unexpected(read.error());
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
