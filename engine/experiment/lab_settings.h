#pragma once

#include <span>
#include <string_view>

#include "engine/experiment/experiment.h"
#include "engine/experiment/keys.h"

// What of an experiment is a lab's. Labs share one experiment, and each reads a part of it.
namespace nanscope {

/// Whether the lab reads the key. What is looked at ("view.") is no setting.
bool reads(LabName lab, const Key& key);

/// Whether the experiment trains a network in its lab: in Training, and in Optimizers where these
/// descend a run's own loss.
bool has_run(const Experiment& experiment);

/// The same of a lab with this experiment in it: where that has a run, Optimizers reads what makes
/// it, too.
bool reads(LabName lab, const Key& key, const Experiment& experiment);

/// Whether what a lab reads is the same in both, whatever is looked at.
bool same_settings(LabName lab, const Experiment& a, const Experiment& b);

/// The experiment with what the lab reads of another one; what other labs read alone stays.
Experiment with_settings_of(LabName lab, Experiment experiment, const Experiment& from);

/// The view with what another one has of the lab, whose plots these are: of their axes, and what is
/// chosen in it. What is looked at in other labs stays.
ViewSpec with_view_of(LabName lab, std::span<const std::string_view> plots, ViewSpec view,
                      const ViewSpec& from);

}  // namespace nanscope
