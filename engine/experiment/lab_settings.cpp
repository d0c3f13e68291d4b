#include "engine/experiment/lab_settings.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace nanscope {
namespace {

/// "numbers.view" is in the group of Numbers.
bool is_in_group_of(LabName lab, std::string_view key) {
  return key.starts_with(lab.name) && key.substr(lab.name.size()).starts_with('.');
}

/// Of Training's keys, those that say how often it is looked at a run, or how many there are.
bool only_shows(std::string_view key) {
  constexpr std::string_view kOnlyShow[] = {"statistics", "evaluate", "recompute", "networks",
                                            "compare"};
  return std::ranges::find(kOnlyShow, key) != std::end(kOnlyShow);
}

bool descends_run(LabName lab, const Experiment& experiment) {
  return lab == LabName::optimizers && experiment.optimizers.surface == SurfaceKind::run;
}

/// What the plan of a run hangs on, and so what it costs.
bool is_cost(const Key& key) {
  if (key.of_training) return is_of_plan(key.name);
  return key.name != "seed" && !key.name.starts_with("init.");
}

}  // namespace

/// A group that bears a lab's name is that lab's, and what runs alone read is Training's and, as it
/// says what they cost, Costs'. All but Optimizers and Costs draw from the seed. The rest is the
/// network and its data, of which Numbers, Tensors and Optimizers know nothing.
bool reads(LabName lab, const Key& key) {
  if (key.name == "lab" || key.name.starts_with("view.")) return false;
  const auto group =
      std::ranges::find_if(lab_names(), [&](LabName one) { return is_in_group_of(one, key.name); });
  if (group != lab_names().end()) return *group == lab;
  if (lab == LabName::costs) return is_cost(key);
  if (key.of_training) return lab == LabName::training;
  if (lab == LabName::optimizers) return false;
  return key.name == "seed" || (lab != LabName::numbers && lab != LabName::tensors);
}

bool has_run(const Experiment& experiment) {
  return experiment.lab == LabName::training || descends_run(experiment.lab, experiment);
}

bool reads(LabName lab, const Key& key, const Experiment& experiment) {
  return reads(lab, key) ||
         (descends_run(lab, experiment) && reads(LabName::training, key) && !only_shows(key.name));
}

bool same_settings(LabName lab, const Experiment& a, const Experiment& b) {
  return std::ranges::none_of(key_table(), [&](const Key& key) {
    return (reads(lab, key, a) || reads(lab, key, b)) && key.get(a) != key.get(b);
  });
}

Experiment with_settings_of(LabName lab, Experiment experiment, const Experiment& from) {
  // Those first that set others of their group.
  for (const bool first : {true, false})
    for (const Key& key : key_table())
      if (key.resets_group == first && reads(lab, key, from)) key.set(experiment, key.get(from));
  return experiment;
}

ViewSpec with_view_of(LabName lab, std::span<const std::string_view> plots, ViewSpec view,
                      const ViewSpec& from) {
  const auto is_own = [&](std::string_view plot) {
    return std::ranges::find(plots, plot) != plots.end();
  };
  const auto replace = [&](auto& list, const auto& other) {
    const auto own = [&](const auto& one) { return is_own(one.plot); };
    std::erase_if(list, own);
    std::ranges::copy_if(other, std::back_inserter(list), own);
  };
  replace(view.zoom, from.zoom);
  replace(view.lock, from.lock);
  replace(view.pins, from.pins);
  if (is_own(view.plot)) view.plot.clear();
  if (is_own(from.plot)) view.plot = from.plot;
  if (lab == LabName::signal) {
    view.histogram = from.histogram;
    view.layer = from.layer;
  }
  if (lab == LabName::numbers) view.row = from.row;
  if (lab == LabName::tensors) {
    view.step = from.step;
    view.element = from.element;
    view.windows = from.windows;
  }
  if (lab == LabName::training) {
    view.x = from.x;
    view.map = from.map;
    view.smoothing = from.smoothing;
    view.log = from.log;
    view.look = from.look;
    view.network = from.network;
  }
  return view;
}

}  // namespace nanscope
