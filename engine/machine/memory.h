#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// Bytes that a new process could take without swapping: MemAvailable of /proc/meminfo, less where
/// a control group allows less. 0 where neither can be read.
std::int64_t available_memory();

/// Refuses work that would not leave some room: naming what is needed, what is available, and what
/// to reduce.
Result<void> check_memory(const Experiment& experiment, std::int64_t needed,
                          std::int64_t available);

}  // namespace nanscope
