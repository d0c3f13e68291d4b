#pragma once

#include <memory>

#include "engine/tensor_language/memory_timings.h"
#include "ui/export/figure.h"

namespace nanscope {

/// What reading and copying memory costs on this machine.
Figure memory_timings_figure(const Experiment& experiment,
                             std::shared_ptr<const MemoryTimings> timings);

/// The figure's plots one below the other, in what room there is.
void draw_memory_timings(const MemoryTimings& timings, const Style& style);

}  // namespace nanscope
