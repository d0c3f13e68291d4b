#pragma once

#include <memory>

#include "engine/devices/device.h"
#include "engine/job/job.h"
#include "engine/probes/signal_request.h"
#include "engine/signal/signal_pass.h"

namespace nanscope {

/// One pass over `pass`, in slices of some layers. Both have to outlive it.
std::unique_ptr<Job> make_signal_job(SignalRequest request, SignalPass& pass,
                                     const Devices& devices);

}  // namespace nanscope
