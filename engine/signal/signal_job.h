#pragma once

#include <chrono>
#include <memory>

#include "engine/devices/device.h"
#include "engine/job/job.h"
#include "engine/probes/signal_request.h"
#include "engine/signal/signal_pass.h"

namespace nanscope {

/// One pass over `pass`, in slices of some layers. Both have to outlive it. Asks whether it may
/// take so long before it begins, by a forecast, and once more after so much work, by what that
/// took: a machine may be much slower than forecasts know before its first pass.
std::unique_ptr<Job> make_signal_job(
    SignalRequest request, SignalPass& pass, const Devices& devices,
    std::chrono::duration<double> telling = std::chrono::seconds(1));

}  // namespace nanscope
