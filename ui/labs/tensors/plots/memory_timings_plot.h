#pragma once

#include <memory>
#include <string>

#include "engine/tensor_language/memory_timings.h"
#include "ui/charts/plot.h"

// How the order of reading decides the speed of memory, measured just now.
namespace nanscope {

/// "Column by column the sum of 4096 x 4096 takes 7.3 times as long as row by row."
std::string memory_timings_sentence(const MemoryTimings& timings);

using SharedTimings = std::shared_ptr<const MemoryTimings>;

/// The same loop along rows and along columns: which cache lines it walks through, and what an
/// element costs for matrices of several sizes.
Plot memory_traversal(SharedTimings timings);

/// Bytes a second of memcpy, into memory that is there and into memory that has to be mapped.
Plot memory_copies(SharedTimings timings);

}  // namespace nanscope
