#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/plan_text.h"
#include "engine/plan/plan.h"
#include "engine/plan/plan_json.h"

namespace nanscope {

namespace {

/// Of a training step, unless a way to keep gradients asks for a pass.
Result<PlanDescription> plan_of(const Experiment& experiment,
                                std::optional<GradientPolicy> policy) {
  if (policy || experiment.lab != LabName::training)
    return describe_pass(experiment.network, experiment.data, policy);
  return training_task(experiment).and_then([&](const TrainingTask& task) {
    return describe_training(experiment, task);
  });
}

}  // namespace

int run_plan_command(const Words& words) {
  Words experiment_words;
  bool json = false, all_layers = false;
  std::string gradients;
  Parser parser("plan",
                "Lists a network's operations: what each reads, computes, saves and costs.");
  parser.add_experiment(experiment_words);
  parser.add_flag("--json", json, "one JSON object, schema nanscope.plan/1");
  parser
      .add_option("--gradients", gradients,
                  "how gradients are kept: shared (as signal runs), owned by the\n"
                  "parameters (as training needs), or kept (all of them)")
      ->type_name("HOW");
  parser.add_flag("--all", all_layers, "print layers that repeat the one before, too");
  if (const auto status = parser.parse_words(words)) return *status;

  const auto policy = value_of<GradientPolicy>(gradients);
  if (!gradients.empty() && !policy)
    return report(unknown_name("--gradients", gradients, "way to keep gradients",
                               all_names<Names<GradientPolicy>>()));
  const Result<Experiment> experiment = read_network_experiment(experiment_words);
  if (!experiment) return report(experiment.error());
  // Of a network that another lab's experiment sets, too.
  const bool trains = experiment->lab == LabName::training;
  if (const auto read =
          check_read(experiment_words, "plan", trains ? LabName::training : LabName::signal);
      !read)
    return report(read.error());
  const Result<PlanDescription> plan = plan_of(*experiment, policy);
  if (!plan) return report(plan.error());
  if (json) return print(plan_to_json(*experiment, *plan, 2) + "\n");
  return print(plan_to_text(*experiment, *plan, all_layers));
}

}  // namespace nanscope
