#include "engine/recipe/live_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <ranges>
#include <string_view>
#include <vector>

#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/plan/task.h"
#include "engine/recipe/acting_keys.h"

namespace nanscope {
namespace {

constexpr const char* kOption = "--change";

/// As --change takes it: "120:optimizer.lr=3e-4".
std::string as_option(const LiveChange& change) {
  return fmt::format("{}:{}={}", change.step, change.key, change.value);
}

template <class Wanted>
std::vector<std::string> live_names(Wanted wanted) {
  std::vector<std::string> names;
  for (const Key* key : live_run_keys())
    if (wanted(key->name)) names.emplace_back(key->name);
  return names;
}

/// Whether its key is live and takes the value.
Result<void> check_change(const LiveChange& change, const Experiment& experiment) {
  const auto every = [](std::string_view) { return true; };
  const Key* key = find_key(change.key);
  if (!key) return tl::unexpected(unknown_key(change.key, live_names(every)));
  if (!std::ranges::count(live_run_keys(), key))
    return input_error(as_option(change), "{} does not change while a run goes on; these do: {}.",
                       change.key, name_list(live_names(every)));
  const Result<Experiment> changed = with_key(experiment, change.key, change.value);
  if (!changed) return tl::unexpected(changed.error());
  if (const auto held = check_held_by_format(*changed); !held)
    return input_error(as_option(change), whole_message(held.error()));
  return {};
}

/// What a run that was made of so many steps does at least.
std::int64_t steps_with(const LiveChange& change, const Experiment& experiment) {
  return std::max<std::int64_t>(
      with_key(experiment, change.key, change.value).value().training.steps, change.step);
}

/// "120:optimizer.lr=3e-4" in its parts.
Result<LiveChange> parts_of(const std::string& text) {
  constexpr std::string_view kForm = "STEP:KEY=VALUE, as in 120:optimizer.lr=3e-4";
  const std::size_t colon = text.find(':'), equals = text.find('=', std::min(colon, text.size()));
  if (colon == text.npos || equals == text.npos)
    return input_error(kOption, "{} is no change; it takes {}.", shown_words(text), kForm);
  LiveChange change{.key = text.substr(colon + 1, equals - colon - 1),
                    .value = text.substr(equals + 1)};
  const char* end = text.data() + colon;
  const auto [stop, code] = std::from_chars(text.data(), end, change.step);
  if (code != std::errc() || stop != end)
    return input_error(kOption, "{} is no step; it takes {}, with a whole number from 0 on.",
                       shown_words(text.substr(0, colon)), kForm);
  if (change.key.empty())
    return input_error(kOption, "{} has no key; it takes {}.", shown_words(text), kForm);
  return change;
}

}  // namespace

bool changes_numbers(const LiveChange& change) {
  return change.key != "statistics" && change.key != "evaluate";
}

std::vector<LiveChange> changes_of_numbers(const std::vector<LiveChange>& changes) {
  std::vector<LiveChange> found;
  std::ranges::copy_if(changes, std::back_inserter(found), changes_numbers);
  return found;
}

std::optional<FileBytes> data_of(const DataSpec& data) {
  return data.kind == DataKind::file ? bytes_of_file(data.path) : std::nullopt;
}

Result<void> check_data(const std::optional<FileBytes>& began, const std::optional<FileBytes>& now,
                        const std::string& path) {
  if (!began || !now || *began == *now) return {};
  return input_error(path,
                     "has changed since the run began: {}. A run goes on with the data that it "
                     "began with; put that file back, or begin a new run.",
                     difference(*began, *now));
}

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
  // A drag makes hundreds of changes, of which the last one counts.
  std::vector<std::string_view> done;
  for (const LiveChange& change : std::views::reverse(changes)) {
    if (change.step > step || std::ranges::count(done, change.key) > 0) continue;
    done.push_back(change.key);
    experiment = with_key(experiment, change.key, change.value).value();
  }
  return experiment;
}

std::int64_t goal_of(const Experiment& experiment, const std::vector<LiveChange>& changes) {
  std::int64_t goal = experiment.training.steps;
  for (const LiveChange& change : changes)
    if (change.key == "steps") goal = steps_with(change, experiment);
  return goal;
}

Result<void> check_changes(const std::vector<LiveChange>& changes, const Experiment& experiment) {
  std::int64_t goal = experiment.training.steps;
  Experiment now = experiment;
  for (const LiveChange& change : changes) {
    if (const auto good = check_change(change, now); !good) return good;
    now = with_key(now, change.key, change.value).value();
    const bool of_steps = change.key == "steps";
    // At its end a run can still be made longer.
    const std::int64_t last = goal - (of_steps ? 0 : 1);
    if (change.step < 0 || change.step > last)
      return input_error(as_option(change), "the run has no step {}; it takes a step from 0 to {}.",
                         change.step, last);
    if (of_steps) goal = steps_with(change, experiment);
  }
  return {};
}

Result<LiveChange> parse_change(const std::string& text, const Experiment& experiment) {
  const auto parts = parts_of(text);
  if (!parts) return parts;
  const LiveChange& change = *parts;
  if (const auto good = check_change(change, experiment); !good)
    return tl::unexpected(good.error());
  if (const auto acts = check_acts(change.key, experiment); !acts)
    return input_error(as_option(change), acts.error().what);
  if (change.key == "steps" &&
      before_step(experiment, {change}, change.step).training.steps < change.step)
    return input_error(text, "{} steps are done by then; it takes that many at least.",
                       change.step);
  return change;
}

}  // namespace nanscope
