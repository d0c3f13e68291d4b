#include "ui/labs/training/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

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

/// Of a run that has not taken a step, or none since its checkpoint.
std::string words_before_a_step(const RunSummary& run, RunState state) {
  const char* key = run.resumed_after == 0 ? "run.sentence.before"
                    : run.is_over()        ? "run.sentence.checkpoint_over"
                                           : "run.sentence.checkpoint";
  const bool waits = state == RunState::paused || (run.resumed_after > 0 && run.is_over());
  return waits ? format_text(key, fmt::arg("done", run.steps), fmt::arg("steps", run.goal))
               : text("work.computing");
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

/// That a run's numbers are of several networks, and how many of these are not finite.
std::string networks_words(const RunSummary& run) {
  const int count = run.experiment.network.networks;
  if (count == 1) return "";
  const auto& losses = run.last.losses;
  std::string words = losses && !std::isnan(losses->low)
                          ? format_text("run.sentence.networks", fmt::arg("count", count),
                                        fmt::arg("low", number_text(losses->low)),
                                        fmt::arg("high", number_text(losses->high)))
                          : std::string();
  if (const std::int64_t lost = run.lost_networks(); lost > 0)
    words += count_text("run.sentence.lost", lost, fmt::arg("networks", count),
                        fmt::arg("step", run.first_nonfinite->step));
  return words;
}

/// Of a run none of whose networks is finite any more.
std::string lost_words(const RunSummary& run) {
  std::int64_t last = 0;
  for (const NetworkFate& one : run.networks) last = std::max(last, one.first_nonfinite->step);
  return format_text("run.sentence.all_lost", fmt::arg("count", run.experiment.network.networks),
                     fmt::arg("first", run.first_nonfinite->step), fmt::arg("last", last));
}

/// Which part of a run's state is not finite.
std::string state_words(const FirstNonfiniteStep& bad) {
  return format_text(fmt::format("run.state.{}", bad.role ? name_of(*bad.role) : "unknown"),
                     fmt::arg("tensor", bad.tensor));
}

}  // namespace

std::string seed_words(const NetworkSpec& network) {
  if (network.networks == 1) return format_text("picture.seed", fmt::arg("seed", network.seed));
  const auto others = static_cast<std::uint64_t>(network.networks) - 1;
  return format_text("picture.seeds", fmt::arg("first", network.seed),
                     fmt::arg("last", network.seed + others));
}

int seen_network(const RunSummary& run, const ViewSpec& view) {
  const int wanted = std::min(view.network, run.experiment.network.networks) - 1;
  const bool seen =
      (run.history && run.history->is_other(wanted)) || wanted <= std::ssize(run.other_gradients);
  return seen ? wanted : 0;
}

int network_of_conditions(const RunSummary& run, const ViewSpec& view) {
  const int wanted = std::min(view.network, run.experiment.network.networks) - 1;
  return run.history && run.history->has_conditions_of(wanted) ? wanted : 0;
}

std::string network_name(const RunSummary& run, int network) {
  const NetworkSpec& spec = run.experiment.network;
  if (spec.networks == 1) return "";
  const std::uint64_t seed = spec.seed + static_cast<std::uint64_t>(network);
  return format_text("picture.seed", fmt::arg("seed", seed));
}

std::string network_words(const RunSummary& run, int network) {
  const std::string name = network_name(run, network);
  return name.empty() ? name : ", " + name;
}

std::string measured_in_one(const RunSummary& run, int network) {
  return measured_words(run.experiment.network.precision, run.emulated) +
         network_words(run, network);
}

std::string run_sentence(const RunSummary& run, RunState state) {
  if (!run.history || run.history->loss.empty()) return words_before_a_step(run, state);
  if (run.is_lost() && !run.networks.empty()) return lost_words(run);
  if (const auto& bad = run.first_nonfinite; bad && run.is_lost())
    return format_text(
        fmt::format("run.sentence.nonfinite_{}", name_of(bad->what)),
        fmt::arg("value", number_text(bad->value)), fmt::arg("step", bad->step),
        fmt::arg("what", state_words(*bad)),
        fmt::arg("reason", text(bad->step == 0 ? "run.reason.weights" : "run.reason.steps")));
  std::string words = loss_words(run, state) + networks_words(run);
  const bool several = run.experiment.network.networks > 1;
  if (run.skipped > 0)
    words +=
        count_text(several ? "run.sentence.skipped_by_one" : "run.sentence.skipped", run.skipped);
  const std::vector<double>& accuracy = run.history->accuracy;
  if (!accuracy.empty()) {
    // A run that goes on has looked at what is held out some steps ago.
    const double looked = run.history->looks.back();
    const bool before = !run.is_over() && looked < static_cast<double>(run.steps);
    std::string range;
    if (const auto& band = run.history->accuracies; !band.low.empty())
      range = format_text("run.sentence.accuracies",
                          fmt::arg("low", number_text(100 * band.low.back())),
                          fmt::arg("high", number_text(100 * band.high.back())));
    words += format_text(before ? "run.sentence.accuracy_then" : "run.sentence.accuracy",
                         fmt::arg("percent", number_text(100 * accuracy.back())),
                         fmt::arg("range", range), fmt::arg("step", looked));
    const Series& nan_rows = run.history->nan_rows;
    if (!nan_rows.empty() && nan_rows.back() > 0)
      words += count_text("run.sentence.nan_rows", static_cast<std::int64_t>(nan_rows.back()));
  }
  return words + ".";
}

std::string damage_words(const RunSummary& run) {
  if (run.damaged_lines == 0) return "";
  return count_text("note.damaged_lines", run.damaged_lines,
                    fmt::arg("first", run.first_damaged_line));
}

std::string words_of(const LiveChange& change) {
  double number = 0;
  const char* end = change.value.data() + change.value.size();
  const bool is_number = std::from_chars(change.value.data(), end, number).ptr == end;
  return fmt::format("{} {}", text("control." + change.key),
                     is_number ? fmt::format("{:.6g}", number) : change.value);
}

std::string changed_words(const LiveChange& change) {
  return format_text("run.changed", fmt::arg("change", words_of(change)),
                     fmt::arg("step", change.step));
}

const LiveChange* last_change(const RunSummary& run, std::string_view key) {
  const auto last =
      std::ranges::find_if(run.changes.rbegin(), run.changes.rend(), [&](const LiveChange& change) {
        return change.key == key && change.step > 0 && change.step <= run.steps;
      });
  return last == run.changes.rend() ? nullptr : &*last;
}

std::string describe_run(const RunSummary& run) {
  const Experiment experiment = run.present();
  const TrainingSpec& training = experiment.training;
  std::string lr = number_text(training.optimizer.lr);
  if (const LiveChange* change = last_change(run, "optimizer.lr"))
    lr = format_text("run.lr_from", fmt::arg("lr", lr), fmt::arg("step", change->step));
  return format_text(
      "run.describe", fmt::arg("optimizer", name_of(training.optimizer.kind)), fmt::arg("lr", lr),
      fmt::arg("schedule", text(fmt::format("run.schedule.{}", name_of(training.schedule.kind)))),
      fmt::arg("network", describe(experiment)));
}

}  // namespace nanscope
