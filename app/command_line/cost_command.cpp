#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "app/command_line/arguments.h"
#include "app/command_line/commands.h"
#include "app/command_line/console.h"
#include "app/command_line/cost_data.h"
#include "app/command_line/cost_text.h"
#include "app/command_line/cost_words.h"
#include "app/command_line/experiment_words.h"
#include "app/command_line/measured_text.h"
#include "app/command_line/napkin.h"
#include "app/command_line/pass.h"
#include "engine/costs/measured/measured_costs.h"
#include "engine/costs/measured/peak_note.h"
#include "engine/costs/napkin/napkin_json.h"
#include "engine/costs/plan_costs.h"
#include "engine/costs/transformer/architecture_words.h"
#include "engine/costs/transformer/estimate_json.h"
#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/plan/plan.h"
#include "engine/recipe/acting_keys.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

struct CostWords {
  Words words;
  std::string model;
  Words compare;
  bool json = false, measure = false;
  ModelWords settings;
};

/// The architecture with what the words "layers=48" say otherwise.
Result<NamedTransformer> read_transformer(const CostWords& words) {
  auto model = find_transformer(words.model);
  if (!model) return model;
  const auto changed = with_architecture_words(model->architecture, words.words);
  if (!changed) return tl::unexpected(changed.error());
  model->architecture = *changed;
  model->notes.insert(model->notes.end(), words.words.begin(), words.words.end());
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

/// The peak that a measured run is a share of: of words, or this machine's own calibration.
Result<std::optional<UsedPeak>> peak_for(const MeasuredCosts& costs, const DeviceWords& words) {
  const Precision computed = value_of<Precision>(costs.computed_in).value_or(Precision::fp32);
  const auto device = device_of(words, computed);
  if (!device) return tl::unexpected(device.error());
  if (*device) {
    const Result<double> peak = peak_of(**device, computed);
    if (!peak) return tl::unexpected(peak.error());
    return UsedPeak{.flop_per_second = *peak,
                    .bytes_per_second = (*device)->bytes_per_second,
                    .name = (*device)->title};
  }
  // That of as many threads as the run's steps have use for, if there is one.
  Machine of_run = costs.machine;
  of_run.threads = costs.threads;
  for (const Machine& machine : {of_run, costs.machine})
    if (const auto kept = kept_calibration(machine)) return calibrated_peak(costs, *kept);
  return std::nullopt;
}

/// A run's costs as they are printed.
struct PrintedCosts {
  PlanCosts predicted = {};
  StepTimeline timeline = {};
  std::optional<MeasuredCosts> measured = {};
  std::string json = {}, text = {};
};

Result<PrintedCosts> measured_costs(const Experiment& experiment, const CostWords& words) {
  // What is wrong with the words is said before anything is measured.
  if (const auto device = device_of(words.settings.device, experiment.network.precision); !device)
    return tl::unexpected(device.error());
  const Result<MeasuredCosts> costs = run_measurement({experiment});
  if (!costs) return tl::unexpected(costs.error());
  const auto peak = peak_for(*costs, words.settings.device);
  if (!peak) return tl::unexpected(peak.error());
  const Message no_peak = message(
      "no peak is known of this machine in {}: nanscope cost calibrate measures it, --device or "
      "--peak names another",
      costs->computed_in);
  return PrintedCosts{.predicted = costs->predicted,
                      .timeline = costs->timeline,
                      .measured = *costs,
                      .json = costs_to_json(*costs, *peak, no_peak),
                      .text = measured_costs_to_text(*costs, *peak, no_peak)};
}

Result<PrintedCosts> run_costs(const Experiment& experiment, const CostWords& words) {
  const Result<TrainingTask> task = training_task(experiment);
  if (!task) return tl::unexpected(task.error());
  const Result<PlanDescription> plan = describe_training(experiment, *task);
  if (!plan) return tl::unexpected(plan.error());
  if (words.measure) return measured_costs(experiment, words);
  const PredictedCosts predicted = predicted_costs(experiment, *task, *plan);
  PrintedCosts costs{.predicted = predicted.plan, .timeline = predicted.timeline};
  costs.json = costs_to_json(experiment, predicted);
  const Message note = peak_note(experiment, predicted.plan);
  costs.text = plan_costs_to_text(experiment, predicted.plan) + beside_to_text(predicted.beside) +
               (note.empty() ? "" : fmt::format("  ({})\n", message_text(note))) +
               timeline_to_text(predicted.timeline);
  return costs;
}

/// The experiment with what the words of --compare set otherwise.
Result<Experiment> compared_experiment(Experiment experiment, const Words& changes) {
  for (const std::string& word : changes) {
    const auto equals = word.find('=');
    if (equals == word.npos)
      return input_error("--compare", "{} is not allowed; it takes KEY=VALUE, as precision=bf16.",
                         word);
    auto changed = with_key(experiment, word.substr(0, equals), word.substr(equals + 1));
    if (!changed) return changed;
    experiment = *std::move(changed);
  }
  for (const std::string& word : changes)
    if (const auto acts = check_acts(word.substr(0, word.find('=')), experiment); !acts)
      return input_error(word, acts.error().what);
  if (const auto errors = validate(experiment); !errors.empty())
    return tl::unexpected(errors.front());
  return experiment;
}

int cost_of_run(const CostWords& words) {
  Result<Experiment> experiment = read_network_experiment(words.words);
  if (!experiment) return report(experiment.error());
  experiment->lab = LabName::training;  // as nanscope train runs it
  const auto other = compared_experiment(*experiment, words.compare);
  if (!other) return report(other.error());
  const Result<PrintedCosts> a = run_costs(*experiment, words);
  if (!a) return report(a.error());
  if (words.compare.empty()) return print(words.json ? a->json : a->text);
  const Result<PrintedCosts> b = run_costs(*other, words);
  if (!b) return report(b.error());
  if (words.json) return print(compared_costs_to_json(a->json, b->json));
  return print(compared_costs_to_text(fmt::format("{}", fmt::join(words.compare, " ")),
                                      {a->predicted, a->timeline, a->measured},
                                      {b->predicted, b->timeline, b->measured}));
}

int calibrate(const Words& words) {
  bool json = false, again = false;
  int threads = 0;
  Parser parser("cost calibrate",
                "Measures what this machine reaches, in 20 seconds at most: FLOP/s of matrix\n"
                "products by size and type, and bytes a second to and from memory. What it\n"
                "found is kept for this processor, number of threads and LibTorch.");
  parser.add_flag("--json", json, "one JSON object, schema nanscope.calibration/1");
  parser.add_flag("--again", again, "measure even where there is a calibration from before");
  parser
      .add_option("--threads", threads,
                  "of so many threads, as a run takes whose steps have no use for more")
      ->check(CLI::Range(1, std::max(1, static_cast<int>(std::thread::hardware_concurrency()))));
  if (const auto status = parser.parse_words(words)) return *status;
  const Result<Calibration> calibration = run_calibration({.afresh = again, .threads = threads});
  if (!calibration) return report(calibration.error());
  if (!calibration->not_kept.empty()) note(message_text(calibration->not_kept));
  return print(json ? calibration_to_json(*calibration) : calibration_to_text(*calibration));
}

/// Options that say what a measured run's MFU is a share of, too.
bool is_of_peak(const std::string& option) {
  return option == "--device" || option == "--peak" || option == "--bandwidth";
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
    if (words.front() == "calibrate") return calibrate(rest);
    if (words.front() == "data") return run_cost_data(rest);
  }
  CostWords options;
  Parser parser(
      "cost",
      "Predicts what a run costs (EXP, as nanscope train runs it), or a transformer "
      "(--model):\nparameters, FLOPs, memory. nanscope cost napkin calculates days, sizes "
      "and money;\nnanscope cost models and nanscope cost devices list what is known by "
      "name;\nnanscope cost calibrate measures what this machine reaches,\n"
      "nanscope cost data how data come from a file.");
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
  parser.add_flag("--measure", options.measure,
                  "run some steps of EXP and measure memory and seconds, too;\n"
                  "--device or --peak say what MFU is a share of, or a\n"
                  "calibration of this machine");
  parser
      .add_option("--compare", options.compare,
                  "KEY=VALUE, as often as wanted: the same run with this otherwise,\n"
                  "as a difference")
      ->type_name("CHANGE")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  const std::vector<CLI::Option*> of_models = add_model_options(parser, options.settings);
  if (const auto status = parser.parse_words(words)) return *status;
  if (options.measure && model->count() > 0)
    return report(
        input_error("--measure",
                    "is of a run, which is measured here; of a transformer --seconds takes "
                    "what a step took elsewhere.")
            .value());
  if (!options.compare.empty() && model->count() > 0)
    return report(
        input_error("--compare", "is of runs; nanscope cost --model takes one at a time.").value());
  if (model->count() > 0) return cost_of_model(options);
  for (const CLI::Option* option : of_models)
    if (option->count() > 0 && !(options.measure && is_of_peak(option->get_name())))
      return report(input_error(option->get_name(),
                                "is of --model; a run has keys for it, as batch=64 precision=bf16; "
                                "--device and --peak go with --measure, too "
                                "(nanscope cost --help).")
                        .value());
  return cost_of_run(options);
}

}  // namespace nanscope
