#include "app/command_line/change_words.h"

#include <algorithm>

namespace nanscope {

void add_change_option(Parser& parser, Words& changes) {
  parser
      .add_option("--change", changes,
                  "STEP:KEY=VALUE: a live key of a run takes another value before\n"
                  "a step")
      ->type_name("CHANGE")
      ->expected(1)
      ->allow_extra_args(false)  // what follows is an experiment
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

Result<void> add_changes(const Words& words, const Experiment& experiment, std::int64_t done,
                         std::vector<LiveChange>& changes) {
  const bool is_over = done > 0 && done >= goal_of(experiment, changes);
  for (const std::string& word : words) {
    const auto change = parse_change(word, experiment);
    if (!change) return tl::unexpected(change.error());
    if (change->step < 0)
      return input_error("--change", "{}: a run has no step {}; its first is step 0.", word,
                         change->step);
    if (change->step < done && is_over)
      return input_error("--change",
                         "{} is of a step that was done before, as all {} are; steps=N makes the "
                         "run longer.",
                         word, done);
    if (change->step < done)
      return input_error("--change", "{} is of a step that was done before; the next one is {}.",
                         word, done);
    changes.push_back(*change);
  }
  std::ranges::stable_sort(changes, {}, &LiveChange::step);
  if (is_over && !words.empty() && done >= goal_of(experiment, changes))
    return input_error("--change",
                       "{} comes too late, as all {} steps of the run are done; steps=N makes it "
                       "longer.",
                       words.front(), done);
  return check_changes(changes, experiment);
}

Result<void> check_has_run(const Words& changes, const Experiment& experiment) {
  if (changes.empty() || experiment.lab == LabName::training) return {};
  return input_error("--change",
                     "{} has no effect, as lab is {}; a training run (lab=training) changes while "
                     "it goes on.",
                     changes.front(), name_of(experiment.lab));
}

}  // namespace nanscope
