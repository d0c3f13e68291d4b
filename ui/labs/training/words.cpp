#include "ui/labs/training/words.h"

#include "ui/labs/describe.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

/// "In 200 steps the loss goes from 2.3 to 0.05".
std::string loss_words(const RunSummary& run, bool over) {
  const std::int64_t all = run.experiment.training.steps;
  const std::string first = number_text(run.history->loss.front());
  const std::string last = number_text(run.last.loss);
  if (run.steps < all)
    return format_text(over || run.stopped ? "run.sentence.stopped" : "run.sentence.going",
                       fmt::arg("done", run.steps), fmt::arg("steps", all),
                       fmt::arg("first", first), fmt::arg("last", last));
  return count_text("run.sentence.done", all, fmt::arg("first", first), fmt::arg("last", last));
}

}  // namespace

std::string run_sentence(const RunSummary& run, bool over) {
  if (!run.history || run.history->loss.empty()) return text("work.computing");
  if (const auto& bad = run.first_nonfinite)
    return format_text(bad->is_loss ? "run.sentence.loss" : "run.sentence.grad_norm",
                       fmt::arg("value", number_text(bad->value)), fmt::arg("step", bad->step));
  std::string words = loss_words(run, over);
  const std::vector<double>& accuracy = run.history->accuracy;
  if (!accuracy.empty())
    words += format_text("run.sentence.accuracy",
                         fmt::arg("percent", number_text(100 * accuracy.back())));
  return words + ".";
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
