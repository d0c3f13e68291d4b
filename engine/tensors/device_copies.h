#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <stop_token>
#include <vector>

#include "engine/base/result.h"
#include "engine/tensor_language/memory_timings.h"

namespace nanscope {

/// Times copies of so many bytes to a device that is not the CPU, each until it has arrived: from
/// pageable memory, which the driver first copies to pinned memory of its own, and from pinned
/// memory. Error: "cancelled" when `stop` was requested. Throws c10::Error where memory is not
/// enough.
Result<std::vector<CopyTiming>> measure_device_copies(std::int64_t bytes, c10::Device device,
                                                      const std::stop_token& stop);

}  // namespace nanscope
