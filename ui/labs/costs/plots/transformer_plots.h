#pragma once

#include "engine/costs/requests/cost_requests.h"
#include "ui/labs/costs/plots/stacked_bars.h"

namespace nanscope {

/// What a device holds in training and in generating, against its memory.
StackedBars device_memory_bars(const TransformerCosts& costs);
/// Parameters by component.
StackedBars parameter_bars(const TransformerCosts& costs);
/// FLOPs forward by component.
StackedBars component_flops_bars(const TransformerCosts& costs);
/// Attention's share of the FLOPs forward against the length of a sequence.
Plot attention_share(std::shared_ptr<const TransformerCosts> costs);
/// "attention, projections in": a component or a part of the FLOPs.
std::string component_words(std::string_view name);

}  // namespace nanscope
