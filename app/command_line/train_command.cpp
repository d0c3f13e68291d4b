#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/pass.h"
#include "app/command_line/run_file.h"
#include "app/command_line/train_text.h"
#include "engine/plan/task.h"
#include "engine/recipe/run_json.h"

namespace nanscope {
namespace {

/// Prints every step as it comes.
class PrintedSteps final : public StepSink {
 public:
  bool take(const RunStep& step) override { return print(step_to_json(step) + "\n") == kDone; }
  void take(const LiveChange&) override {}
};

/// Runs, into a file too where one is named.
Result<RunSummary> run_into(const std::string& path, TrainingRequest& request,
                            bool shows_progress) {
  if (path.empty()) return run_training(request, shows_progress);
  const auto file = std::make_shared<RunFile>(path, request.sink);
  if (const auto begun = file->begin(request); !begun) return tl::unexpected(begun.error());
  request.sink = file;
  Result<RunSummary> summary = run_training(request, shows_progress);
  if (summary) file->finish(*summary);
  if (const auto written = file->good(); summary && !written)
    return tl::unexpected(written.error());
  return summary;
}

int train(TrainingRequest request, const std::string& path, bool json) {
  const auto shown = std::make_shared<ShownSteps>(request.experiment.training.steps);
  const auto printed = std::make_shared<PrintedSteps>();
  request.sink = json ? std::shared_ptr<StepSink>(printed) : shown;
  // On a terminal the lines themselves say how far the run is.
  const Result<RunSummary> summary = run_into(path, request, !json || isatty(STDOUT_FILENO) == 0);
  if (!summary) return report(summary.error());
  const int status =
      print(json ? summary_to_json(*summary) + "\n" : run_to_text(*summary, shown->steps()));
  return status == kDone && summary->stopped ? kInterrupted : status;
}

/// The changes of a command line, by step.
Result<std::vector<LiveChange>> read_changes(const Words& words, const Experiment& experiment) {
  std::vector<LiveChange> changes;
  for (const std::string& word : words) {
    const auto change = parse_change(word, experiment);
    if (!change) return tl::unexpected(change.error());
    changes.push_back(*change);
  }
  std::ranges::stable_sort(changes, {}, &LiveChange::step);
  return changes;
}

}  // namespace

int run_train_command(const Words& words) {
  Words experiment_words, change_words;
  std::string out;
  bool json = false;
  Parser parser("train", "Trains a network: forward, loss, backward, optimizer, step by step.");
  parser.add_experiment(experiment_words);
  parser.add_flag("--json", json, "one JSON object a line: every step, then a summary");
  parser.add_option("--out", out, "write the run to a file, a line of JSON a step")
      ->type_name("FILE");
  parser
      .add_option("--change", change_words,
                  "STEP:KEY=VALUE: a live key takes another value before a step")
      ->type_name("CHANGE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (const auto status = parser.parse_words(words)) return *status;
  Result<Experiment> experiment = read_network_experiment(experiment_words);
  if (!experiment) return report(experiment.error());
  experiment->lab = LabName::training;
  experiment->view = {};
  // Also what the job would say, a second later: LibTorch is not open yet.
  if (const auto task = training_task(*experiment); !task) return report(task.error());
  auto changes = read_changes(change_words, *experiment);
  if (!changes) return report(changes.error());
  return train({.experiment = *std::move(experiment), .changes = *std::move(changes)}, out, json);
}

}  // namespace nanscope
