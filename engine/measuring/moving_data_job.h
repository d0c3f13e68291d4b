#pragma once

#include <memory>

#include "engine/base/message.h"
#include "engine/costs/moving_data/moving_data.h"
#include "engine/job/job.h"

namespace nanscope {

/// How long it looks at each thing; tests look for less.
struct MovingDataSpan {
  double seconds_of_one = 0.08;   ///< of each batch size and number of threads
  int rounds = 20;                ///< of each timeline: the shortest counts
  double seconds_of_rounds = 10;  ///< after which no other begins: of a large file on a slow disk
  int batches = 12;               ///< of each timeline
};

/// `no_gpu`: why no copy to a GPU is measured.
std::unique_ptr<Job> make_moving_data_job(MovingDataRequest request, Message no_gpu,
                                          MovingDataSpan span = {});

}  // namespace nanscope
