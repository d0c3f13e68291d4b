#include <algorithm>
#include <cctype>
#include <string>

#include "engine/experiment/keys.h"
#include "engine/plan/plan.h"
#include "engine/recipe/acting_groups.h"

namespace nanscope {
namespace {

Result<void> check_model(std::string_view key, const NetworkSpec& network) {
  if (key == "model.activation" && network.model.kind == ModelKind::deep_linear)
    return input_error("", "{} has no effect, as model.kind is deep_linear; mlp reads it.", key);
  const bool cuts = key == "init.cut" || key == "init.cut_reading";
  if (cuts && network.init.scheme != InitScheme::truncated)
    return input_error("", "{} has no effect, as init.scheme is {}; truncated reads it.", key,
                       name_of(network.init.scheme));
  if (key == "init.bias_std" && !network.model.bias)
    return input_error("",
                       "{} has no effect, as model.bias is false; with model.bias=true there are "
                       "biases to draw.",
                       key);
  const bool wide = network.precision == Precision::fp64 || network.precision == Precision::fp32;
  if (key == "execution" && wide)
    return input_error("",
                       "{} has no effect, as precision is {}, which needs no emulation; narrower "
                       "formats read it.",
                       key, name_of(network.precision));
  return {};
}

bool is_npy(const DataSpec& data) {
  std::string ending = data.path.substr(std::min(data.path.rfind('.'), data.path.size()));
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending == ".npy";
}

Result<void> check_of_file(std::string_view key, const DataSpec& data) {
  const bool of_text = key == "data.header" || key == "data.decimal" || key == "data.index";
  if (!of_text && key != "data.target") return {};
  if (data.kind != DataKind::file)
    return input_error("", "{} has no effect, as data.kind is {}; file reads it.", key,
                       name_of(data.kind));
  if (of_text && is_npy(data))
    return input_error("",
                       "{} has no effect, as {} says itself how it is read; a text table reads it.",
                       key, data.path);
  return {};
}

Result<void> check_held_out(std::string_view key, const Experiment& experiment) {
  const DataSpec& data = experiment.data;
  if (key != "data.held_out" && key != "evaluate") return {};
  if (!reads_table(data.kind))
    return input_error("",
                       "{} has no effect, as data.kind is {}, which is drawn anew for every step; "
                       "spiral, circles, moons, digits, file have rows to hold out.",
                       key, name_of(data.kind));
  if (key == "evaluate" && data.held_out == 0)
    return input_error("",
                       "{} has no effect, as data.held_out is 0; a share of the rows that is held "
                       "out can be looked at.",
                       key);
  return {};
}

/// Whether a plan with so many segments drops something and computes it again. True where the data
/// cannot be read, which is said elsewhere.
bool recomputes(Experiment experiment, int segments) {
  experiment.training.recompute = segments;
  const auto task = training_task(experiment);
  if (!task) return true;
  const auto plan = describe_training(experiment, *task);
  return !plan || std::ranges::any_of(plan->operations, &PlanOperation::recomputed);
}

Result<void> check_recompute(std::string_view key, const Experiment& experiment) {
  if (key != "recompute") return {};
  const int layers = experiment.network.model.depth + (reads_table(experiment.data.kind) ? 1 : 0);
  if (layers < 2)
    return input_error("",
                       "{} has no effect, as the model has one layer, which is the smallest "
                       "segment; a larger model.depth has more.",
                       key);
  const int segments = experiment.training.recompute;
  if (segments == 1)
    return input_error("",
                       "{} is 1, and the last segment keeps what it computes, so that nothing is "
                       "dropped; it takes 2 or more, or 0.",
                       key);
  if (recomputes(experiment, std::max(segments, 2))) return {};
  return input_error("",
                     "{} has no effect, as what the layers before the last segment compute is "
                     "kept, or not read on the way back; fewer or more segments, a larger "
                     "model.depth or "
                     "an activation have something within them.",
                     key);
}

/// Signal looks at two networks, Costs at two runs.
Result<void> check_compare(const Experiment& experiment) {
  if (experiment.lab == LabName::costs) return {};
  if (experiment.lab != LabName::signal)
    return input_error("",
                       "compare has no effect, as lab is {}; signal compares two networks, costs "
                       "what two runs cost.",
                       name_of(experiment.lab));
  for (const KeyChange& change : experiment.compare.changes)
    if (find_key(change.key)->of_training)
      return input_error("", "compare: B's {} has no effect in signal; costs reads it.",
                         change.key);
  return {};
}

}  // namespace

Result<void> check_network_key(std::string_view key, const Experiment& experiment) {
  if (key == "compare")
    if (auto acts = check_compare(experiment); !acts) return acts;
  if (auto acts = check_model(key, experiment.network); !acts) return acts;
  if (auto acts = check_of_file(key, experiment.data); !acts) return acts;
  if (auto acts = check_held_out(key, experiment); !acts) return acts;
  return check_recompute(key, experiment);
}

}  // namespace nanscope
