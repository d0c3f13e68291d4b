#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <vector>

#include "engine/base/result.h"
#include "engine/devices/device.h"
#include "engine/tensor_language/memory_timings.h"

namespace nanscope {

/// Times copies of so many bytes to a device that is not the CPU, each until it has arrived: from
/// pageable memory, which the driver first copies to pinned memory of its own, and from pinned
/// memory. Error: "cancelled" when `stop` was requested. Throws c10::Error where memory is not
/// enough.
Result<std::vector<CopyTiming>> measure_device_copies(std::int64_t bytes, c10::Device device,
                                                      const std::stop_token& stop);

/// Measures them where there is a GPU, or says what is missing. `devices` has to outlive it.
std::unique_ptr<Job> make_device_copies_job(DeviceCopiesRequest request, const Devices& devices);

}  // namespace nanscope
