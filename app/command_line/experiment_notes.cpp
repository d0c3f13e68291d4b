#include "app/command_line/experiment_notes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/command_line/console.h"
#include "app/command_line/experiment_words.h"
#include "engine/experiment/json.h"
#include "engine/experiment/keys.h"
#include "engine/experiment/lab_settings.h"
#include "engine/job/job.h"
#include "ui/labs/training/words.h"
#include "ui/text/text.h"

namespace nanscope {

void note_training_keys(const Experiment& experiment) {
  std::vector<std::string> keys = changed_training_keys(experiment);
  std::erase_if(keys,
                [&](const std::string& key) { return reads(experiment.lab, *find_key(key)); });
  if (keys.empty()) return;
  note(fmt::format(
      "{}: {} no effect here; a training run (nanscope train, or lab=training) reads {}.",
      fmt::join(keys, ", "), keys.size() == 1 ? "has" : "have", keys.size() == 1 ? "it" : "them"));
}

void note_damaged_lines(const RunSummary& run) {
  if (const std::string words = damage_words(run); !words.empty()) note(words);
}

void note_changes_left_out(const Words& words) {
  const auto run = run_in(words);
  if (!run || !*run) return;
  note_damaged_lines(**run);
  if ((*run)->changes.empty()) return;
  note(count_text("note.changes_left_out", (*run)->changes.size()));
}

void note_other_data(const FileBytes& before, const FileBytes& now, const std::string& path) {
  if (before != now)
    note(format_text("note.other_data", fmt::arg("path", path),
                     fmt::arg("difference", message_text(difference(before, now)))));
}

void note_long_work(double seconds) {
  if (seconds > kLongWork)
    note(format_text("work.ask.forecast", fmt::arg("time", seconds_text(seconds))));
}

}  // namespace nanscope
