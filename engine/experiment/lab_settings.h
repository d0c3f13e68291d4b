#pragma once

#include "engine/experiment/experiment.h"

// What of an experiment is a lab's. Labs share one experiment, and each reads a part of it.
namespace nanscope {

/// Whether what a lab reads is the same in both, whatever is looked at.
bool same_settings(LabName lab, const Experiment& a, const Experiment& b);

/// The experiment with what the lab reads of another one; what other labs read alone stays.
Experiment with_settings_of(LabName lab, Experiment experiment, const Experiment& from);

}  // namespace nanscope
