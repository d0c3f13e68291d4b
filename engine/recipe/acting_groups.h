#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

// For acting_*.cpp: check_acts(), group by group.
namespace nanscope {

/// Keys of the network and of its data, and those of a run that depend on these.
Result<void> check_network_key(std::string_view key, const Experiment& experiment);
/// Keys of Numbers and Tensors, and the seed there.
Result<void> check_shown_key(std::string_view key, const Experiment& experiment);
/// Keys of Costs, and there those of the run that it is not looked at.
Result<void> check_costs_key(std::string_view key, const Experiment& experiment);
/// What is looked at: "view.map".
Result<void> check_view_key(std::string_view key, const Experiment& experiment);

}  // namespace nanscope
