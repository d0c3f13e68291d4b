#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/job/job_result.h"
#include "engine/tensor_language/memory_timings.h"
#include "ui/charts/interactive_charts.h"
#include "ui/export/figure.h"

namespace nanscope {

/// What was measured: of the machine's memory and, where that is known, of copies to a device; null
/// before.
std::shared_ptr<const MemoryTimings> latest_timings(const JobResults& results);

/// What reading and copying memory costs on this machine.
Figure memory_timings_figure(const Experiment& experiment,
                             std::shared_ptr<const MemoryTimings> timings);

/// What was done with them.
struct MemoryTimingsEvents {
  std::string copied;   ///< a text to copy, or ""
  std::string pointed;  ///< the plot under the pointer, or ""
};

/// The figure's plots one below the other, or one of them alone, in what room there is.
MemoryTimingsEvents draw_memory_timings(const std::shared_ptr<const MemoryTimings>& timings,
                                        std::string_view alone, const Style& style,
                                        InteractiveCharts& charts,
                                        const std::function<void(std::string_view plot)>& menu);

}  // namespace nanscope
