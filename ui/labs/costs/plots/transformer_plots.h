#pragma once

#include "ui/labs/costs/picture.h"
#include "ui/labs/costs/plots/stacked_bars.h"

namespace nanscope {

// Of the picture's transformer, and of the one that it is compared with.

/// What a device holds in training and in generating, against its memory.
StackedBars device_memory_bars(const CostsPicture& picture);
/// Parameters by component.
StackedBars parameter_bars(const CostsPicture& picture);
/// FLOPs forward by component.
StackedBars component_flops_bars(const CostsPicture& picture);
/// Attention's share of the FLOPs forward against the length of a sequence.
Plot attention_share(std::shared_ptr<const CostsPicture> picture);
/// "attention, projections in": a component or a part of the FLOPs.
std::string component_words(std::string_view name);

}  // namespace nanscope
