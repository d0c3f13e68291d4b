#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "engine/experiment/network.h"

namespace nanscope {

/// Bytes that a new process could take without swapping: MemAvailable of /proc/meminfo, less where
/// a control group allows less. 0 where neither can be read.
std::int64_t available_memory();

/// Bytes that the system counts as this process's (VmRSS). 0 where it does not say.
std::int64_t resident_memory();

/// The part of this much memory that work may take: the rest is left to the window, to LibTorch's
/// own buffers and to the rest of the machine.
std::int64_t memory_for_work(std::int64_t available);

/// Refuses work that would not leave some room: naming what is needed, what is available, and what
/// to reduce.
Result<void> check_memory(const NetworkSpec& network, int batch, std::int64_t needed,
                          std::int64_t available);

/// Hands what was freed back to the machine: the C library keeps blocks of up to 32 MiB for later.
/// Takes some milliseconds; for when much was freed.
void give_back_memory();

}  // namespace nanscope
