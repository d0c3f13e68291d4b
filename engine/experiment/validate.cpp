#include "engine/experiment/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "engine/base/strict_json.h"
#include "engine/experiment/json.h"

namespace nanscope {
namespace {

/// More numbers than any machine that this runs on can hold; whether they fit into the memory of
/// this one is the engine's to say.
constexpr double kMostNumbers = 0x1p40;

/// Weights (N,depth,C,C) and activations (N,depth,B,C) together.
double count_numbers(const Experiment& experiment) {
  const double width = experiment.network.model.width;
  return double(experiment.network.networks) * experiment.network.model.depth * width *
         (width + double(experiment.data.batch));
}

void check_each_key(const Experiment& experiment, std::vector<Error>& errors) {
  for (const Key& key : key_table()) {
    const KeyValue value = key.get(experiment);
    std::string shown = text_of(value);
    // Where an int is meant, a huge number is a negative one that was stored without its sign.
    if (const auto* whole = std::get_if<std::uint64_t>(&value);
        whole && key.range.high < 0x1p63 && static_cast<std::int64_t>(*whole) < 0)
      shown = std::to_string(static_cast<std::int64_t>(*whole));
    if (auto accepted = accept(key, value, shown); !accepted) errors.push_back(accepted.error());
  }
}

/// A text that is no UTF-8 would come back from a file as another one.
void check_texts(const Experiment& experiment, std::vector<Error>& errors) {
  for (const Key& key : key_table()) {
    if (key.type != KeyType::text || key.name == "data.path") continue;  // which says what to do
    const std::string text = text_of(key.get(experiment));
    if (!is_utf8(text))
      errors.push_back({Error::Kind::input, std::string(key.name),
                        message("{} is not UTF-8, so the experiment could not be saved with it.",
                                shown_words(text))});
  }
}

void check_contradictions(const Experiment& experiment, std::vector<Error>& errors) {
  const auto add = [&](const char* key, Message what) {
    errors.push_back({Error::Kind::input, key, std::move(what)});
  };
  if (experiment.data.kind == DataKind::file && experiment.data.path.empty())
    add("data.path",
        message("is empty, but data.kind is file; give the path of a .csv or .npy file."));
  if (experiment.network.model.norm == Norm::batchnorm && experiment.data.batch < 2)
    add("batch", message("is 1, and model.norm=batchnorm takes the variance over a batch; it takes "
                         "2 at least."));
  if (!is_utf8(experiment.data.path))
    add("data.path", message("{} is not UTF-8, so the experiment could not be saved with it; "
                             "rename the file or its folder.",
                             shown_words(experiment.data.path)));
  if (experiment.network.seed >
      std::numeric_limits<std::uint64_t>::max() - (std::uint64_t(experiment.network.networks) - 1))
    add("seed", message("{} is not allowed with {} networks, whose seeds are seed, seed + 1, "
                        "...; the last one has to be at most {}.",
                        experiment.network.seed, experiment.network.networks,
                        std::numeric_limits<std::uint64_t>::max()));
  if (const double numbers = count_numbers(experiment); numbers > kMostNumbers)
    add(experiment.network.networks > 1 ? "networks" : "batch",
        message("is too large for this model: weights and activations would be {} numbers, "
                "and at most {} are allowed. Fewer networks, a smaller batch, width or "
                "depth help.",
                fmt::format("{:.1e}", numbers), fmt::format("{:.1e}", kMostNumbers)));
}

}  // namespace

std::vector<Error> validate(const Experiment& experiment) {
  std::vector<Error> errors;
  check_each_key(experiment, errors);
  if (errors.empty()) check_texts(experiment, errors);
  if (errors.empty()) check_contradictions(experiment, errors);
  if (const auto other = compared_with(experiment); other && errors.empty())
    for (const Error& error : validate(*other))
      errors.push_back({Error::Kind::input, "compare", message("B has {}", whole_message(error))});
  return errors;
}

const KeyRange* key_range(std::string_view name) {
  const Key* key = find_key(name);
  const bool numeric = key && (key->type == KeyType::whole_number || key->type == KeyType::number);
  return numeric ? &key->range : nullptr;
}

}  // namespace nanscope
