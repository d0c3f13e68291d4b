#include "engine/recipe/live_change.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"

namespace nanscope {
namespace {

constexpr const char* kOption = "--change";

std::vector<std::string> live_keys() {
  std::vector<std::string> names;
  for (const Key& key : key_table())
    if (key.live) names.emplace_back(key.name);
  return names;
}

}  // namespace

Experiment before_step(Experiment experiment, const std::vector<LiveChange>& changes,
                       std::int64_t step) {
  for (const LiveChange& change : changes)
    if (change.step <= step) experiment = with_key(experiment, change.key, change.value).value();
  return experiment;
}

Result<LiveChange> parse_change(const std::string& text, const Experiment& experiment) {
  const std::size_t colon = text.find(':'), equals = text.find('=');
  LiveChange change;
  const char* end = text.data() + std::min(colon, text.size());
  const auto [stop, code] = std::from_chars(text.data(), end, change.step);
  if (colon == text.npos || equals == text.npos || equals < colon || code != std::errc() ||
      stop != end)
    return input_error(kOption,
                       "{} is no change; it takes STEP:KEY=VALUE, as in "
                       "120:optimizer.lr=3e-4.",
                       shown_words(text));
  if (change.step < 0 || change.step >= experiment.training.steps)
    return input_error(kOption, "{} has no step {}; it takes a step from 0 to {}.",
                       shown_words(text), change.step, experiment.training.steps - 1);
  change.key = text.substr(colon + 1, equals - colon - 1);
  change.value = text.substr(equals + 1);
  const Key* key = find_key(change.key);
  if (!key) return tl::unexpected(unknown_key(change.key, live_keys()));
  if (!key->live)
    return input_error(kOption, "{} does not change while a run goes on; these do: {}.", change.key,
                       name_list(live_keys()));
  if (const auto changed = with_key(experiment, change.key, change.value); !changed)
    return tl::unexpected(changed.error());
  return change;
}

}  // namespace nanscope
