#include <unistd.h>

#include <utility>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/pass.h"
#include "app/command_line/train_text.h"
#include "engine/recipe/run_json.h"

namespace nanscope {
namespace {

/// Prints every step as it comes.
class PrintedSteps final : public StepSink {
 public:
  void take(const RunStep& step) override {
    if (status_ == kDone) status_ = print(step_to_json(step) + "\n");
  }
  int status() const { return status_; }

 private:
  int status_ = kDone;
};

int status_of(const RunSummary& summary) { return summary.stopped ? kInterrupted : kDone; }

int train_as_json(TrainingRequest request) {
  const auto steps = std::make_shared<PrintedSteps>();
  request.sink = steps;
  // On a terminal the lines themselves say how far the run is.
  const Result<RunSummary> summary = run_training(request, isatty(STDOUT_FILENO) == 0);
  if (!summary) return report(summary.error());
  if (steps->status() != kDone) return steps->status();
  const int status = print(summary_to_json(*summary) + "\n");
  return status == kDone ? status_of(*summary) : status;
}

int train_as_text(TrainingRequest request) {
  const auto steps = std::make_shared<ShownSteps>(request.experiment.training.steps);
  request.sink = steps;
  const Result<RunSummary> summary = run_training(request, /*shows_progress=*/true);
  if (!summary) return report(summary.error());
  const int status = print(run_to_text(*summary, steps->steps()));
  return status == kDone ? status_of(*summary) : status;
}

}  // namespace

int run_train_command(const Words& words) {
  Words experiment_words;
  bool json = false;
  Parser parser("train", "Trains a network: forward, loss, backward, optimizer, step by step.");
  parser.add_experiment(experiment_words);
  parser.add_flag("--json", json, "one JSON object a line: every step, then a summary");
  if (const auto status = parser.parse_words(words)) return *status;
  Result<Experiment> experiment = read_network_experiment(experiment_words);
  if (!experiment) return report(experiment.error());
  TrainingRequest request{.experiment = *std::move(experiment)};
  return json ? train_as_json(std::move(request)) : train_as_text(std::move(request));
}

}  // namespace nanscope
