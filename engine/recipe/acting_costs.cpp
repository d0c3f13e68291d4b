#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "engine/experiment/keys.h"
#include "engine/experiment/lab_settings.h"
#include "engine/recipe/acting_groups.h"

namespace nanscope {
namespace {

using Settings = std::vector<std::string_view>;

/// What a napkin's question is answered from.
Settings napkin_settings(const Costs& costs) {
  using enum NapkinQuestion;
  Settings stored{"optimizer", "eight_bits", "convention", "zero", "devices", "precision"};
  switch (costs.question) {
    case days:
      return {"parameters", "tokens", "devices", "device",     "peak",
              "precision",  "mfu",    "price",   "electricity"};
    case days_buy:
      return {"days", "devices", "device", "peak", "precision", "mfu", "price", "electricity"};
    case money_buys:
      return {"budget", "price", "devices", "device", "peak", "precision", "mfu", "electricity"};
    case utilisation:
      return {"tokens_per_second", "parameters", "devices", "device", "peak", "precision"};
    case product:
      return {"m", "k", "n", "seconds", "device", "peak", "precision"};
    case NapkinQuestion::bytes:
      stored.insert(stored.end(), {"parameters", "device"});
      return stored;
    case largest_model:
      stored.emplace_back("device");
      return stored;
  }
  return {};
}

/// Whose peaks: a device's are named.
Settings roof_settings(const Costs& costs) {
  if (costs.roof == Roof::calibrated) return {"measured", "roof"};
  return {"measured", "roof", "device", "peak"};
}

/// The settings behind "costs." that the view reads.
Settings settings_of(const Costs& costs) {
  switch (costs.view) {
    case CostsView::memory:
      return {"measured"};
    case CostsView::flops:
    case CostsView::roofline:
      return roof_settings(costs);
    case CostsView::calibration:
      return {};
    case CostsView::walk:
      return costs.walk == WalkOf::run ? Settings{"walk", "step"}
                                       : Settings{"walk", "step", "x", "w", "target"};
    case CostsView::napkin: {
      Settings settings = napkin_settings(costs);
      settings.emplace_back("question");
      return settings;
    }
    case CostsView::data:
      return costs.file.empty()
                 ? Settings{"file", "file_bytes", "data_batch", "data_length", "compute"}
                 : Settings{"file", "data_batch", "data_length", "compute"};
    case CostsView::transformer:
      break;
  }
  Settings settings{"model",
                    "architecture",
                    "batch",
                    "length",
                    "attention",
                    "activations",
                    "recompute",
                    "micro_batches",
                    "tensor",
                    "pipeline",
                    "context",
                    "expert",
                    "sequence_parallel",
                    "seconds",
                    "precision",
                    "optimizer",
                    "eight_bits",
                    "convention",
                    "zero",
                    "devices",
                    "device",
                    "peak"};
  return settings;
}

std::string looked_at_words(const Costs& costs) {
  const std::string view = "costs.view is " + std::string(name_of(costs.view));
  if (costs.view == CostsView::napkin)
    return view + " and costs.question " + std::string(name_of(costs.question));
  if (costs.view == CostsView::walk)
    return view + " and costs.walk " + std::string(name_of(costs.walk));
  return view;
}

/// Whether the run is what is looked at.
bool looks_at_run(const Costs& costs) {
  return costs.view == CostsView::memory || costs.view == CostsView::flops ||
         costs.view == CostsView::roofline ||
         (costs.view == CostsView::walk && costs.walk == WalkOf::run);
}

}  // namespace

Result<void> check_costs_key(std::string_view key, const Experiment& experiment) {
  const Costs& costs = experiment.costs;
  constexpr std::string_view kGroup = "costs.";
  if (key.starts_with(kGroup)) {
    const std::string_view setting = key.substr(kGroup.size());
    const Settings settings = settings_of(costs);
    if (setting == "view" || std::ranges::find(settings, setting) != settings.end()) return {};
    if (settings.empty())
      return input_error("", "{} has no effect, as {}, which measures this machine.", key,
                         looked_at_words(costs));
    return input_error("", "{} has no effect, as {}; it reads costs. {}.", key,
                       looked_at_words(costs), name_list(settings));
  }
  if (experiment.lab != LabName::costs || looks_at_run(costs)) return {};
  const bool by_formula = costs.view == CostsView::transformer || costs.view == CostsView::napkin;
  if (key == "compare" && by_formula) return {};
  const Key* const found = find_key(key);
  if (found && reads(LabName::costs, *found))
    return input_error(
        "", "{} has no effect, as {}; memory, flops, walk and roofline read the run's keys.", key,
        looked_at_words(costs));
  return {};
}

}  // namespace nanscope
