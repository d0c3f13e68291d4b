#pragma once

#include <memory>

#include "engine/job/job_result.h"
#include "engine/tensor_language/memory_timings.h"
#include "ui/export/figure.h"

namespace nanscope {

/// What was measured: of the machine's memory and, where that is known, of copies to a device; null
/// before.
std::shared_ptr<const MemoryTimings> latest_timings(const JobResults& results);

/// What reading and copying memory costs on this machine.
Figure memory_timings_figure(const Experiment& experiment,
                             std::shared_ptr<const MemoryTimings> timings);

/// The figure's plots one below the other, in what room there is.
void draw_memory_timings(const MemoryTimings& timings, const Style& style);

}  // namespace nanscope
