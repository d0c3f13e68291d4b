#include "ui/labs/training/words.h"

#include <fmt/format.h>

#include <charconv>

#include "ui/labs/describe.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// Of a run that is not over; `first`: which has taken one step, from whose loss it has not gone
/// yet.
const char* unfinished_words(bool stopped, bool paused, bool first) {
  if (stopped) return first ? "run.sentence.stopped_first" : "run.sentence.stopped";
  if (paused) return first ? "run.sentence.paused_first" : "run.sentence.paused";
  return first ? "run.sentence.going_first" : "run.sentence.going";
}

/// "In 200 steps the loss goes from 2.3 to 0.05".
std::string loss_words(const RunSummary& run, RunState state) {
  const std::string first = number_text(run.history->loss.front());
  const std::string last = number_text(run.last.loss);
  if (run.is_over())
    return count_text("run.sentence.done", run.steps, fmt::arg("first", first),
                      fmt::arg("last", last));
  return format_text(unfinished_words(run.stopped || state == RunState::stopped,
                                      state == RunState::paused, run.history->loss.size() == 1),
                     fmt::arg("done", run.steps), fmt::arg("steps", run.goal),
                     fmt::arg("first", first), fmt::arg("last", last));
}

/// Which part of a run's state is not finite.
std::string state_words(const FirstNonfiniteStep& bad) {
  return format_text(fmt::format("run.state.{}", bad.role ? name_of(*bad.role) : "unknown"),
                     fmt::arg("tensor", bad.tensor));
}

}  // namespace

std::string run_sentence(const RunSummary& run, RunState state) {
  if (!run.history || run.history->loss.empty())
    return text(state == RunState::paused ? "run.sentence.before" : "work.computing");
  if (const auto& bad = run.first_nonfinite)
    return format_text(
        fmt::format("run.sentence.nonfinite_{}", name_of(bad->what)),
        fmt::arg("value", number_text(bad->value)), fmt::arg("step", bad->step),
        fmt::arg("what", state_words(*bad)),
        fmt::arg("reason", text(bad->step == 0 ? "run.reason.weights" : "run.reason.steps")));
  std::string words = loss_words(run, state);
  if (run.skipped > 0) words += count_text("run.sentence.skipped", run.skipped);
  const std::vector<double>& accuracy = run.history->accuracy;
  if (!accuracy.empty()) {
    // A run that goes on has looked at what is held out some steps ago.
    const double looked = run.history->looks.back();
    const bool before = !run.is_over() && looked < static_cast<double>(run.steps);
    words += format_text(before ? "run.sentence.accuracy_then" : "run.sentence.accuracy",
                         fmt::arg("percent", number_text(100 * accuracy.back())),
                         fmt::arg("step", looked));
    const Series& nan_rows = run.history->nan_rows;
    if (!nan_rows.empty() && nan_rows.back() > 0)
      words += count_text("run.sentence.nan_rows", static_cast<std::int64_t>(nan_rows.back()));
  }
  return words + ".";
}

std::string words_of(const LiveChange& change) {
  double number = 0;
  const char* end = change.value.data() + change.value.size();
  const bool is_number = std::from_chars(change.value.data(), end, number).ptr == end;
  return fmt::format("{} {}", text("control." + change.key),
                     is_number ? fmt::format("{:.6g}", number) : change.value);
}

std::string describe_run(const Experiment& experiment) {
  const TrainingSpec& training = experiment.training;
  return format_text(
      "run.describe", fmt::arg("optimizer", name_of(training.optimizer.kind)),
      fmt::arg("lr", number_text(training.optimizer.lr)),
      fmt::arg("schedule", text(fmt::format("run.schedule.{}", name_of(training.schedule.kind)))),
      fmt::arg("network", describe(experiment)));
}

}  // namespace nanscope
