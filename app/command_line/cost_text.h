#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/costs/devices.h"
#include "engine/costs/plan_costs.h"
#include "engine/costs/transformer/estimate.h"

namespace nanscope {

std::string cost_to_text(const NamedTransformer& model, const CostRequest& request,
                         const CostEstimate& estimate);
/// What tables call a part of memory.
std::string_view memory_words(std::string_view key);
std::string plan_costs_to_text(const Experiment& experiment, const PlanCosts& costs);
/// A line that says why its bytes are not those of its format; or nothing.
std::string emulated_to_text(std::string_view what, const PlanCosts& costs);
std::string devices_to_text(const std::vector<DeviceSheet>& devices);
std::string models_to_text(const std::vector<NamedTransformer>& models);

}  // namespace nanscope
