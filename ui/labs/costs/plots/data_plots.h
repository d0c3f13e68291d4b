#pragma once

#include <memory>

#include "engine/costs/moving_data/moving_data.h"
#include "ui/labs/costs/plots/stacked_bars.h"

namespace nanscope {

/// The way to a first batch, mapped and loaded: seconds, and what of memory each has taken.
StackedBars data_ways_bars(const MovingData& data);
/// Bytes a second against the size of a batch, a line for each number of threads.
Plot loader_plot(std::shared_ptr<const MovingData> data);
/// Batches copied and computed with, in turns and with the next one copied meanwhile.
Plot overlap_plot(std::shared_ptr<const MovingData> data);

}  // namespace nanscope
