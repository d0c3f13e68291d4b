#include "engine/experiment/open_file.h"

#include <filesystem>
#include <utility>

#include "engine/data/table.h"
#include "engine/experiment/numbers.h"
#include "engine/experiment/resolve.h"
#include "engine/roundoff/roundoff.h"
#include "engine/roundoff/weight_matrix.h"

namespace nanscope {
namespace {

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

std::optional<Message> fit_batch(Experiment& experiment, LabName lab, const Table& table) {
  int& batch = experiment.data.batch;
  const bool trains = lab == LabName::training;
  const std::int64_t held_out = trains ? held_out_rows(experiment.data, table.rows) : 0;
  const std::int64_t rows = table.rows - held_out;
  if (batch <= rows || rows < 1) return std::nullopt;
  batch = static_cast<int>(rows);
  const std::string name = file_name(experiment.data.path);
  if (held_out > 0)
    return message("batch is {}: {} has no more rows beside the {} that are held out", batch, name,
                   held_out);
  return message("batch is {}: {} has no more rows", batch, name);
}

Result<OpenedFile> open_table(const Experiment& base, const std::string& path) {
  OpenedFile opened{.experiment = base};
  DataSpec& data = opened.experiment.data;
  data = {.kind = DataKind::file, .path = path, .batch = data.batch};
  const Result<Table> table = read_data(data, base.network.precision);
  if (!table) return tl::unexpected(table.error());
  // Training trains on it.
  if (base.lab != LabName::training) opened.experiment.lab = LabName::signal;
  opened.notes.push_back(message("{}: {}", file_name(path), words_of(table->reading)));
  for (const Message& doubt : table->reading.doubts) opened.notes.push_back(doubt);
  if (auto note = fit_batch(opened.experiment, opened.experiment.lab, *table))
    opened.notes.push_back(*std::move(note));
  return opened;
}

Result<OpenedFile> open_weights(const Experiment& base, const std::string& path) {
  const Result<WeightMatrix> weights = read_weights(path, "");
  if (!weights) return tl::unexpected(weights.error());
  OpenedFile opened{.experiment = base};
  Numbers& numbers = opened.experiment.numbers;
  const RoundoffExperiment* shown = find_roundoff_experiment(numbers.view);
  if (!shown || !shown->reads(RoundoffControl::path))
    numbers = numbers_with_view(numbers, "quantization");
  numbers.settings.path = path;
  numbers.settings.tensor.clear();
  opened.experiment.lab = LabName::numbers;
  opened.notes.push_back(Message::value(weights->source));
  return opened;
}

}  // namespace

Result<OpenedFile> open_file(const Experiment& base, const std::string& path) {
  switch (kind_of_file(path)) {
    case FileKind::table:
      return open_table(base, path);
    case FileKind::weights:
      return open_weights(base, path);
    case FileKind::experiment: {
      auto experiment = read_experiment_file(path);
      if (!experiment) return tl::unexpected(experiment.error());
      return OpenedFile{.experiment = *std::move(experiment)};
    }
    case FileKind::unknown:
      break;
  }
  return input_error(
      path,
      "NaNscope does not open this kind of file. Drop an experiment (.json), an exported "
      "picture (.png, .svg), input data (.csv, .npy) or weights (.safetensors).");
}

std::optional<Message> fit_batch_to_file(Experiment& experiment, LabName lab) {
  if (experiment.data.kind != DataKind::file) return std::nullopt;
  const Result<Table> table = read_data(experiment.data, experiment.network.precision);
  return table ? fit_batch(experiment, lab, *table) : std::nullopt;
}

}  // namespace nanscope
