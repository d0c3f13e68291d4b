#pragma once

#include <functional>

#include "engine/costs/moving_data/moving_data.h"
#include "engine/costs/moving_data/token_file.h"

namespace nanscope {

/// What so many threads load in so many seconds, each batches of its own.
LoaderSpeed loader_speed(const TokenBytes& tokens, std::int64_t batch, std::int64_t length,
                         int threads, double seconds);

/// Goes through batches in turns: each is copied, then computed with. `compute` works for a batch.
DataTimeline timeline_in_turns(const TokenBytes& tokens, const MovingDataRequest& request,
                               int batches, const std::function<void()>& compute);
/// The same with a second thread, which copies the next batch into the other of two buffers.
DataTimeline timeline_overlapped(const TokenBytes& tokens, const MovingDataRequest& request,
                                 int batches, const std::function<void()>& compute);

}  // namespace nanscope
