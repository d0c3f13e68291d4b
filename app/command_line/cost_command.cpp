#include <fmt/format.h>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/cost_text.h"
#include "app/command_line/cost_words.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/napkin.h"
#include "engine/costs/napkin/napkin_json.h"
#include "engine/costs/plan_costs.h"
#include "engine/costs/transformer/estimate_json.h"
#include "engine/plan/plan.h"

namespace nanscope {
namespace {

struct CostWords {
  Words words;
  std::string model;
  bool json = false, measure = false;
  ModelWords settings;
};

/// The architecture with what the words "layers=48" say otherwise.
Result<NamedTransformer> read_transformer(const CostWords& words) {
  auto model = find_transformer(words.model);
  if (!model) return model;
  for (const std::string& word : words.words) {
    const auto equals = word.find('=');
    if (equals == word.npos)
      return input_error(word,
                         "beside --model words are fields of the architecture, as layers=48.");
    auto changed =
        with_architecture_key(model->architecture, word.substr(0, equals), word.substr(equals + 1));
    if (!changed) return tl::unexpected(changed.error());
    model->architecture = *std::move(changed);
    model->notes.push_back(word);
  }
  if (!words.words.empty()) model->title += ", changed";
  return model;
}

int cost_of_model(const CostWords& words) {
  const auto model = read_transformer(words);
  if (!model) return report(model.error());
  const auto request = cost_request(words.settings);
  if (!request) return report(request.error());
  const auto result = estimate(model->architecture, *request);
  if (!result) return report(result.error());
  return print(words.json ? cost_to_json(*model, *request, *result)
                          : cost_to_text(*model, *request, *result));
}

int cost_of_run(const CostWords& words) {
  Result<Experiment> experiment = read_network_experiment(words.words);
  if (!experiment) return report(experiment.error());
  experiment->lab = LabName::training;  // as nanscope train runs it
  const Result<TrainingTask> task = training_task(*experiment);
  if (!task) return report(task.error());
  const Result<PlanDescription> plan = describe_training(*experiment, *task);
  if (!plan) return report(plan.error());
  const PlanCosts costs = plan_costs(*experiment, *plan);
  return print(words.json ? plan_costs_to_json(*experiment, costs)
                          : plan_costs_to_text(*experiment, costs));
}

int list_devices(const Words& words) {
  bool json = false;
  Parser parser("cost devices", "Lists the devices whose figures are known, with their sources.");
  parser.add_flag("--json", json, "one JSON object, schema nanscope.devices/1");
  if (const auto status = parser.parse_words(words)) return *status;
  const auto devices = load_devices();
  if (!devices) return report(devices.error());
  return print(json ? devices_to_json(*devices) : devices_to_text(*devices));
}

int list_models(const Words& words) {
  bool json = false;
  Parser parser("cost models", "Lists the transformers that --model takes by name.");
  parser.add_flag("--json", json, "one JSON object, schema nanscope.models/1");
  if (const auto status = parser.parse_words(words)) return *status;
  const auto models = load_presets();
  if (!models) return report(models.error());
  return print(json ? models_to_json(*models) : models_to_text(*models));
}

}  // namespace

int run_cost_command(const Words& words) {
  if (!words.empty()) {
    const Words rest(words.begin() + 1, words.end());
    if (words.front() == "napkin") return run_napkin(rest);
    if (words.front() == "devices") return list_devices(rest);
    if (words.front() == "models") return list_models(rest);
  }
  CostWords options;
  Parser parser(
      "cost",
      "Predicts what a run costs (EXP, as nanscope train runs it), or a transformer "
      "(--model):\nparameters, FLOPs, memory. nanscope cost napkin calculates days, sizes "
      "and money;\nnanscope cost models and nanscope cost devices list what is known by "
      "name.");
  parser
      .add_option("EXP", options.words,
                  "an experiment, as every command takes it; beside --model\n"
                  "fields of the architecture: layers=48 tied=false")
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  const CLI::Option* const model =
      parser
          .add_option("--model", options.model, "a name, or the path of a Hugging Face config.json")
          ->type_name("MODEL");
  parser.add_flag("--json", options.json, "one JSON object, schema nanscope.cost/1");
  parser.add_flag("--measure", options.measure, "measure it as well (not there yet)");
  const std::vector<CLI::Option*> of_models = add_model_options(parser, options.settings);
  if (const auto status = parser.parse_words(words)) return *status;
  if (options.measure)
    return report(input_error("--measure",
                              "is not there yet; nanscope train --json measures a run's memory and "
                              "seconds in its summary.")
                      .value());
  if (model->count() > 0) return cost_of_model(options);
  for (const CLI::Option* option : of_models)
    if (option->count() > 0)
      return report(input_error(option->get_name(),
                                "is of --model; a run has keys for it, as batch=64 precision=bf16 "
                                "(nanscope cost --help).")
                        .value());
  return cost_of_run(options);
}

}  // namespace nanscope
