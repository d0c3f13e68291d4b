#include "engine/experiment/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "engine/base/strict_json.h"

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

void check_contradictions(const Experiment& experiment, std::vector<Error>& errors) {
  const auto add = [&](const char* key, std::string message) {
    errors.push_back({Error::Kind::input, key, std::move(message)});
  };
  if (experiment.data.kind == DataKind::file && experiment.data.path.empty())
    add("data.path", "is empty, but data.kind is file; give the path of a .csv or .npy file.");
  if (!is_utf8(experiment.data.path))
    add("data.path", fmt::format("{} is not UTF-8, so the experiment could not be saved with it; "
                                 "rename the file or its folder.",
                                 shown_json(experiment.data.path)));
  if (experiment.network.seed >
      std::numeric_limits<std::uint64_t>::max() - (std::uint64_t(experiment.network.networks) - 1))
    add("seed", fmt::format("{} is not allowed with {} networks, whose seeds are seed, seed + 1, "
                            "...; the last one has to be at most {}.",
                            experiment.network.seed, experiment.network.networks,
                            std::numeric_limits<std::uint64_t>::max()));
  if (const double numbers = count_numbers(experiment); numbers > kMostNumbers)
    add(experiment.network.networks > 1 ? "networks" : "batch",
        fmt::format("is too large for this model: weights and activations would be {:.1e} numbers, "
                    "and at most {:.1e} are allowed. Fewer networks, a smaller batch, width or "
                    "depth help.",
                    numbers, kMostNumbers));
}

char folded(char c) {
  if (c == '-') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Optimal string alignment distance: insertions, deletions, replacements and swapped neighbours
/// cost 1 each; case and "-" against "_" cost nothing.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = folded(a[i - 1]) == folded(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
          folded(a[i - 2]) == folded(b[j - 1]))
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::vector<Error> validate(const Experiment& experiment) {
  std::vector<Error> errors;
  check_each_key(experiment, errors);
  if (errors.empty()) check_contradictions(experiment, errors);
  return errors;
}

const KeyRange* key_range(std::string_view name) {
  const Key* key = find_key(name);
  const bool numeric = key && (key->type == KeyType::whole_number || key->type == KeyType::number);
  return numeric ? &key->range : nullptr;
}

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& valid) {
  constexpr std::size_t kLongest = 64;  // a longer text is no misspelt name
  if (wanted.empty() || wanted.size() > kLongest) return "";
  // A third of the letters may be wrong, as compilers have it; beyond that a hint only confuses.
  std::size_t nearest = std::max<std::size_t>(1, (wanted.size() + 1) / 3) + 1;
  std::string name;
  for (const std::string& candidate : valid) {
    std::size_t distance = edit_distance(wanted, candidate);
    const auto dot = candidate.find('.');
    if (dot != std::string::npos && wanted.find('.') == std::string_view::npos)
      distance = std::min(distance, edit_distance(wanted, candidate.substr(dot + 1)));
    if (distance < nearest) {
      nearest = distance;
      name = candidate;
    }
  }
  constexpr std::size_t kShortestBeginning = 4;
  if (name.empty() && wanted.size() >= kShortestBeginning)
    for (const std::string& candidate : valid)
      if (edit_distance(wanted, candidate.substr(0, wanted.size())) == 0) return candidate;
  return name;
}

}  // namespace nanscope
