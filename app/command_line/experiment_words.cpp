#include "app/command_line/experiment_words.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/command_line/console.h"
#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/experiment/lab_name.h"
#include "engine/experiment/lab_settings.h"
#include "engine/experiment/resolve.h"
#include "engine/recipe/acting_keys.h"
#include "engine/recipe/run_json.h"
#include "ui/labs/check_view.h"
#include "ui/labs/labs.h"
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

/// Of a file that carries an experiment, which is no run file; without changes for a demo's name.
Result<RunSummary> recipe_in(const std::string& word) {
  RunSummary run;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(word, ignored)) return run;
  Result<Recipe> recipe = recipe_in_file(word);
  if (!recipe) return tl::unexpected(recipe.error());
  run.goal = goal_of(recipe->experiment, recipe->changes);
  run.steps = recipe->until;
  run.experiment = std::move(recipe->experiment);
  run.changes = std::move(recipe->changes);
  return run;
}

/// The words behind the last whole experiment, or all.
std::span<const std::string> typed_pairs(const Words& words) {
  const auto is_whole = [](const std::string& word) {  // an experiment, not a key of one
    return is_run_file(word) || word.find('=') == word.npos;
  };
  const auto last = std::find_if(words.rbegin(), words.rend(), is_whole);
  return std::span(words).last(static_cast<std::size_t>(last - words.rbegin()));
}

/// What of an experiment is looked at, or is beside it in a picture.
bool is_look(const Key& key) { return key.name.starts_with("view.") || key.name == "compare"; }

/// That shows what the lab reads.
std::string command_of(LabName lab) {
  return lab == LabName::training ? "train" : "plot " + std::string(name_of(lab));
}

/// Whose axes a key of the view sets.
std::vector<std::string> plots_in(std::string_view key, const ViewSpec& view) {
  std::vector<std::string> plots;
  const auto add = [&](const auto& all) {
    for (const auto& one : all) plots.push_back(one.plot);
  };
  if (key == "view.zoom") add(view.zoom);
  if (key == "view.lock") add(view.lock);
  if (key == "view.pins") add(view.pins);
  return plots;
}

}  // namespace

Result<void> check_typed(const Words& words, const Experiment& experiment) {
  for (const std::string& word : typed_pairs(words)) {
    const Key* key = find_key(word.substr(0, word.find('=')));
    if (!key || !reads(experiment.lab, *key, experiment)) continue;
    if (const auto acts = check_acts(key->name, experiment); !acts)
      return input_error(word, acts.error().what);
  }
  return {};
}

Result<void> check_read(const Words& words, std::string_view command, LabName lab) {
  Experiment experiment;
  experiment.lab = lab;
  return check_read(words, command, experiment);
}

Result<void> check_read(const Words& words, std::string_view command,
                        const Experiment& experiment) {
  const LabName lab = experiment.lab;
  const bool draws = command == "plot";
  for (const std::string& word : typed_pairs(words)) {
    const Key* key = find_key(word.substr(0, word.find('=')));
    if (!key) continue;
    if (key->name == "lab" && word.substr(word.find('=') + 1) != name_of(lab))
      return input_error(word, "has no effect in nanscope {}, which is of lab={} here.", command,
                         name_of(lab));
    if (is_look(*key) && !draws)
      return input_error(word,
                         "{} has no effect in nanscope {}, which draws nothing; nanscope plot "
                         "reads it.",
                         key->name, command);
    if (key->name == "lab" || is_look(*key) || reads(lab, *key, experiment)) continue;
    const auto reader =
        std::ranges::find_if(lab_names(), [&](LabName one) { return reads(one, *key); });
    if (reader != lab_names().end())
      return input_error(word, "{} has no effect in {}; {} reads it, as in nanscope {}.", key->name,
                         name_of(lab), name_of(*reader), command_of(*reader));
  }
  return {};
}

Result<void> check_looked_at(const Words& words, const Experiment& experiment) {
  const auto lab = make_lab(experiment.lab);
  const auto has = [&](const std::string& plot) {
    return std::ranges::count(lab->plot_names(), plot) > 0;
  };
  for (const std::string& word : typed_pairs(words)) {
    const std::string name = word.substr(0, word.find('='));
    if (!name.starts_with("view.") && name != "compare") continue;
    if (const auto acts = check_acts(name, experiment); !acts)
      return input_error(word, acts.error().what);
    for (const std::string& plot : plots_in(name, experiment.view))
      if (!has(plot))
        return input_error(word, "{} has no effect on {}, as lab is {}, which has {}.", name, plot,
                           name_of(experiment.lab), name_list(lab->plot_names()));
  }
  return {};
}

Result<std::optional<RunSummary>> run_in(const Words& words) {
  const auto pairs = typed_pairs(words);
  if (pairs.size() == words.size()) return std::nullopt;
  const std::string& whole = words[words.size() - pairs.size() - 1];
  Result<RunSummary> run = is_run_file(whole) ? read_run(whole) : recipe_in(whole);
  if (!run) return tl::unexpected(run.error());
  if (!is_run_file(whole) && run->changes.empty() && run->steps == 0) return std::nullopt;
  constexpr std::string_view kSteps = "steps=";
  for (const std::string& word : pairs)
    if (word.starts_with(kSteps))
      if (const auto changed = with_key(run->experiment, "steps", word.substr(kSteps.size())))
        fit_changes(run->changes, changed->training.steps);
  return *std::move(run);
}

bool repeats_run(const Words& words) {
  return std::ranges::all_of(typed_pairs(words), [](const std::string& word) {
    const Key* key = find_key(word.substr(0, word.find('=')));
    return key && (is_look(*key) || key->name == "lab");
  });
}

namespace {

/// A pair in front of a whole experiment is overwritten by what that holds; one that it does not
/// hold (a run's recipe has no surface of the Optimizers lab) would be lost without a word.
Result<void> check_none_lost(const Words& words, const Experiment& read) {
  const auto behind = typed_pairs(words);
  if (behind.size() + 1 >= words.size()) return {};
  const std::size_t whole = words.size() - behind.size() - 1;
  const auto held = resolve_experiment({words[whole]});
  if (!held) return tl::unexpected(held.error());
  for (const std::string& word : std::span(words).first(whole)) {
    const Key* key = find_key(word.substr(0, word.find('=')));
    const std::string name = key ? std::string(key->name) : "";
    if (!key || key_text(*held, name) != key_text({}, name)) continue;
    const bool again = std::ranges::any_of(
        behind, [&](const std::string& pair) { return pair.starts_with(name + "="); });
    const auto with_it = with_key(read, name, word.substr(name.size() + 1));
    if (!again && with_it && *with_it != read)
      return input_error(word,
                         "has no effect in front of {}, which is a whole experiment; put it "
                         "behind that.",
                         words[whole]);
  }
  return {};
}

}  // namespace

Result<Experiment> read_words(const Words& words, std::optional<LabName> lab) {
  std::vector<Message> notes;
  const auto lab_of_words = lab_of_pairs(words);
  Result<Experiment> experiment = resolve_experiment(words, &notes, lab ? lab : lab_of_words);
  if (experiment)
    if (auto kept = check_none_lost(words, *experiment); !kept) return tl::unexpected(kept.error());
  for (const Message& one : notes) note(message_text(one));
  if (experiment && lab_of_words) experiment->lab = *lab_of_words;
  return experiment;
}

Result<Experiment> read_experiment(const Words& words, std::optional<LabName> lab) {
  Result<Experiment> experiment = read_words(words, lab);
  if (!experiment) return experiment;
  if (const auto good = check_view(*experiment); !good) return tl::unexpected(good.error());
  if (const auto act = check_typed(words, *experiment); !act) return tl::unexpected(act.error());
  return experiment;
}

Result<Experiment> read_network_experiment(const Words& words, std::optional<LabName> lab) {
  Result<Experiment> experiment = read_experiment(words, lab);
  if (!experiment || experiment->lab == LabName::signal || experiment->lab == LabName::training)
    return experiment;
  if (experiment->network != NetworkSpec() || experiment->data != DataSpec()) return experiment;
  return input_error("lab",
                     "is {}, and no network is set; nanscope plot draws this experiment, nanscope "
                     "open shows it.",
                     name_of(experiment->lab));
}

}  // namespace nanscope
