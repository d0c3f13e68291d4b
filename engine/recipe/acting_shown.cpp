#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/precision/precision.h"
#include "engine/recipe/acting_groups.h"
#include "engine/recipe/gradient_magnitudes.h"
#include "engine/roundoff/roundoff.h"

namespace nanscope {
namespace {

/// Whether what Numbers shows reads one of its settings: "input", "length".
bool shows(const Numbers& numbers, std::string_view setting) {
  if (setting == "view") return true;
  const RoundoffExperiment* shown = find_roundoff_experiment(numbers.view);
  if (!shown) {
    const bool bits = numbers.view == "bits";
    return setting == "formats" ||
           (bits && (setting == "input" || setting == "rounding" || setting == "overflow"));
  }
  const auto control = value_of<RoundoffControl>(setting);
  return control && shown->reads(*control);
}

/// Rounding at random draws from it, and drawn weights do, where no file has some.
bool draws_from_seed(const Numbers& numbers) {
  const RoundoffExperiment* shown = find_roundoff_experiment(numbers.view);
  if (!shown) return false;
  const bool reads_file = shown->reads(RoundoffControl::path) && !numbers.settings.path.empty();
  return (shown->reads(RoundoffControl::seed) && !reads_file) ||
         (shown->reads(RoundoffControl::rounding) &&
          numbers.settings.rounding == Rounding::stochastic);
}

Result<void> check_numbers(std::string_view key, const Numbers& numbers) {
  const std::string_view setting = key.substr(key.find('.') + 1);
  if (setting == "tensor" && shows(numbers, setting) && numbers.settings.path.empty())
    return input_error("", "{} has no effect without numbers.path, the file that it is in.", key);
  if (shows(numbers, setting)) return {};
  std::vector<std::string> read;
  if (shows(numbers, "input")) read.emplace_back("numbers.input");
  for (const auto& [control, name] : Names<RoundoffControl>::all)
    if (control != RoundoffControl::seed && shows(numbers, name))
      read.push_back("numbers." + std::string(name));
  return input_error("", "{} has no effect, as numbers.view is {}; it reads {}.", key, numbers.view,
                     name_list(read));
}

/// Costs of memory are measured on tensors of their own, and of a chain's cells memory shows none.
Result<void> check_tensors(std::string_view key, TensorsView view) {
  const bool of_cells = key == "tensors.cells" || key.starts_with("view.");
  if (key == "tensors.view" || view == TensorsView::chain) return {};
  if (view == TensorsView::memory && !of_cells) return {};
  return input_error("", "{} has no effect, as tensors.view is {}; {} it.", key, name_of(view),
                     of_cells ? message("chain reads") : message("chain and memory read"));
}

/// The labs that alone look at it; none of what all labs have.
std::vector<LabName> that_look_at(std::string_view key) {
  static constexpr std::array<std::pair<std::string_view, LabName>, 14> kLabs{
      {{"view.histogram", LabName::signal},
       {"view.layer", LabName::signal},
       {"view.layer", LabName::training},
       {"view.layer", LabName::costs},
       {"view.row", LabName::numbers},
       {"view.step", LabName::tensors},
       {"view.element", LabName::tensors},
       {"view.windows", LabName::tensors},
       {"view.x", LabName::training},
       {"view.map", LabName::training},
       {"view.smoothing", LabName::training},
       {"view.log", LabName::training},
       {"view.look", LabName::training},
       {"view.network", LabName::training}}};
  std::vector<LabName> labs;
  for (const auto& [looked_at, lab] : kLabs)
    if (looked_at == key) labs.push_back(lab);
  return labs;
}

/// Whether gradients go through a format that they may leave, so that these are counted.
bool has_narrow_gradients(const NetworkSpec& network) {
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  return row && (is_narrow(*row->elementwise) || is_narrow(*row->weight_grad));
}

/// Whether what one of several networks has of its own is shown: layers, gradients, a plane.
Result<void> check_seen_network(std::string_view key, const Experiment& experiment) {
  const int networks = experiment.network.networks;
  if (networks == 1)
    return input_error("", "{} has no effect, as networks is 1; networks=8 trains eight.", key);
  if (experiment.view.network > networks)
    return input_error("", "{} is {}, and networks is {}; it takes a number up to that.", key,
                       experiment.view.network, networks);
  constexpr std::string_view kGradients = "gradient_magnitudes";
  if (experiment.training.statistics > 0 || is_plane(experiment.data.kind) ||
      has_narrow_gradients(experiment.network) || experiment.view.plot == kGradients)
    return {};
  return input_error("",
                     "{} has no effect, as statistics is 0 and nothing that one network has of its "
                     "own is looked at; statistics=5 looks at its layers in every 5th step.",
                     key);
}

}  // namespace

Result<void> check_shown_key(std::string_view key, const Experiment& experiment) {
  if (key.starts_with("numbers.")) return check_numbers(key, experiment.numbers);
  const bool seed = key == "seed";
  if (key.starts_with("tensors.") || (seed && experiment.lab == LabName::tensors))
    return check_tensors(key, experiment.tensors.view);
  if (!seed) return {};
  if (experiment.lab == LabName::numbers && !draws_from_seed(experiment.numbers))
    return input_error("", "{} has no effect, as numbers.view is {}, which draws nothing.", key,
                       experiment.numbers.view);
  return {};
}

Result<void> check_view_key(std::string_view key, const Experiment& experiment) {
  const std::vector<LabName> labs = that_look_at(key);
  std::vector<std::string_view> names;
  for (const LabName lab : labs) names.push_back(name_of(lab));
  if (!labs.empty() && std::ranges::find(labs, experiment.lab) == labs.end())
    return input_error("", "{} has no effect, as lab is {}; {} {} it.", key,
                       name_of(experiment.lab), name_list(names),
                       names.size() == 1 ? message("reads") : message("read"));
  if (!labs.empty() && experiment.lab == LabName::tensors)
    return check_tensors(key, experiment.tensors.view);
  if (key == "view.row" && experiment.numbers.view != "bits")
    return input_error("", "{} has no effect, as numbers.view is {}; bits has rows.", key,
                       experiment.numbers.view);
  if (key == "view.network") return check_seen_network(key, experiment);
  const bool of_layers = key == "view.map" || key == "view.look";
  if (of_layers && experiment.training.statistics == 0)
    return input_error("",
                       "{} has no effect, as statistics is 0; statistics=5 looks at the layers in "
                       "every 5th step.",
                       key);
  if (const int steps = experiment.training.steps;
      key == "view.look" && experiment.view.look && *experiment.view.look >= steps)
    return input_error("", "{} is {}, and the last step is {}; it takes a number up to that.", key,
                       *experiment.view.look, steps - 1);
  return {};
}

}  // namespace nanscope
