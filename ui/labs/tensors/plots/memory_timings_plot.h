#pragma once

#include <string>

#include "engine/tensor_language/memory_timings.h"
#include "ui/canvas/canvas.h"

// How the order of reading decides the speed of memory, measured just now.
namespace nanscope {

/// "Column by column the sum of 4096 x 4096 takes 7.3 times as long as row by row."
std::string memory_timings_sentence(const MemoryTimings& timings);

/// The same loop along rows and along columns: which cache lines it walks through, and what an
/// element costs for matrices of several sizes.
void draw_memory_traversal(Canvas& canvas, const MemoryTimings& timings, ImVec2 corner,
                           ImVec2 size);

/// Bytes a second of memcpy, into memory that is there and into memory that has to be mapped.
void draw_memory_copies(Canvas& canvas, const MemoryTimings& timings, ImVec2 corner, ImVec2 size);

}  // namespace nanscope
