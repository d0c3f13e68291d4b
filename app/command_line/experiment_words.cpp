#include "app/command_line/experiment_words.h"

#include <algorithm>
#include <optional>
#include <string>

#include "app/command_line/console.h"
#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/experiment/lab_name.h"
#include "engine/experiment/resolve.h"
#include "engine/recipe/run_json.h"
#include "ui/labs/check_view.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Whether all the words are pairs, and some set what only a training run reads.
bool are_of_training(const Words& words) {
  const auto key_of = [](const std::string& word) {
    return find_key(word.substr(0, word.find('=')));
  };
  return std::ranges::all_of(words, key_of) &&
         std::ranges::any_of(words,
                             [&](const std::string& word) { return key_of(word)->of_training; });
}

/// The lab whose keys all the words set: "numbers" of "numbers.view=bits"; a training run's stand
/// beside those of its network. Nothing for other words.
std::optional<LabName> lab_of_pairs(const Words& words) {
  for (const LabName lab : lab_names()) {
    const std::string prefix = std::string(name_of(lab)) + ".";
    const auto sets_it = [&](const std::string& word) {
      return word.starts_with(prefix) && word.find('=') != word.npos;
    };
    if (!words.empty() && std::ranges::all_of(words, sets_it)) return lab;
  }
  return are_of_training(words) ? std::optional(LabName::training) : std::nullopt;
}

/// With another number of steps than the file's, what lengthened the run or is behind its end is
/// left out.
void fit_changes(std::vector<LiveChange>& changes, std::int64_t steps) {
  std::erase_if(changes, [&](const LiveChange& change) {
    return change.key == "steps" || change.step >= steps;
  });
}

}  // namespace

Result<std::optional<RunSummary>> run_in(const Words& words) {
  const auto is_whole = [](const std::string& word) {  // an experiment, not a key of one
    return is_run_file(word) || word.find('=') == word.npos;
  };
  const auto last = std::find_if(words.rbegin(), words.rend(), is_whole);
  if (last == words.rend() || !is_run_file(*last)) return std::nullopt;
  Result<RunSummary> run = read_run(*last);
  if (!run) return tl::unexpected(run.error());
  constexpr std::string_view kSteps = "steps=";
  for (auto word = last.base(); word != words.end(); ++word)
    if (word->starts_with(kSteps))
      if (const auto changed = with_key(run->experiment, "steps", word->substr(kSteps.size())))
        fit_changes(run->changes, changed->training.steps);
  return *std::move(run);
}

Result<Experiment> read_words(const Words& words) {
  std::vector<Message> notes;
  Result<Experiment> experiment = resolve_experiment(words, &notes);
  for (const Message& one : notes) note(message_text(one));
  if (const auto lab = lab_of_pairs(words); experiment && lab) experiment->lab = *lab;
  return experiment;
}

Result<Experiment> read_experiment(const Words& words) {
  Result<Experiment> experiment = read_words(words);
  if (experiment)
    if (const auto good = check_view(*experiment); !good) return tl::unexpected(good.error());
  return experiment;
}

Result<Experiment> read_network_experiment(const Words& words) {
  Result<Experiment> experiment = read_experiment(words);
  if (!experiment || experiment->lab == LabName::signal || experiment->lab == LabName::training)
    return experiment;
  if (experiment->network != NetworkSpec() || experiment->data != DataSpec()) return experiment;
  return input_error("lab",
                     "is {}, and no network is set; nanscope plot draws this experiment, nanscope "
                     "open shows it.",
                     name_of(experiment->lab));
}

}  // namespace nanscope
