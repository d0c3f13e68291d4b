#include "engine/recipe/live_change.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"

namespace nanscope {
namespace {

constexpr const char* kOption = "--change";

std::vector<std::string> live_names() {
  std::vector<std::string> names;
  for (const Key* key : live_run_keys()) names.emplace_back(key->name);
  return names;
}

/// The steps that the run will have done at its end.
std::int64_t last_goal(const Experiment& experiment, const std::vector<LiveChange>& changes) {
  return before_step(experiment, changes, std::numeric_limits<std::int64_t>::max()).training.steps;
}

}  // namespace

const std::vector<const Key*>& live_run_keys() {
  static const std::vector<const Key*> keys = [] {
    std::vector<const Key*> live;
    for (const Key& key : key_table())
      if (key.live && key.of_training) live.push_back(&key);
    return live;
  }();
  return keys;
}

Experiment before_step(Experiment experiment, const std::vector<LiveChange>& changes,
                       std::int64_t step) {
  for (const LiveChange& change : changes)
    if (change.step <= step) experiment = with_key(experiment, change.key, change.value).value();
  return experiment;
}

Result<void> check_change(const LiveChange& change, const Experiment& experiment) {
  const Key* key = find_key(change.key);
  if (!key) return tl::unexpected(unknown_key(change.key, live_names()));
  if (!std::ranges::count(live_run_keys(), key))
    return input_error(kOption, "{} does not change while a run goes on; these do: {}.", change.key,
                       name_list(live_names()));
  return with_key(experiment, change.key, change.value).map([](const Experiment&) {});
}

Result<LiveChange> parse_change(const std::string& text, const Experiment& experiment,
                                const std::vector<LiveChange>& before) {
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
  change.key = text.substr(colon + 1, equals - colon - 1);
  change.value = text.substr(equals + 1);
  // At its end a run can still be made longer.
  const std::int64_t last = last_goal(experiment, before) - (change.key == "steps" ? 0 : 1);
  if (change.step < 0 || change.step > last)
    return input_error(kOption, "{} has no step {}; it takes a step from 0 to {}.",
                       shown_words(text), change.step, last);
  if (const auto good = check_change(change, experiment); !good)
    return tl::unexpected(good.error());
  return change;
}

}  // namespace nanscope
