#pragma once

#include <string>

#include "engine/tensor_language/memory_timings.h"

namespace nanscope {

/// JSON with schema "nanscope.memory/1".
std::string timings_to_json(const MemoryTimings& timings, int indent = -1);

/// One measurement a row: what, its size in bytes, seconds, cache lines or page faults.
std::string timings_to_csv(const MemoryTimings& timings);

}  // namespace nanscope
