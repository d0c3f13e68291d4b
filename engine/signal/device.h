#pragma once

#include <c10/core/Device.h>

#include <string>

#include "engine/base/result.h"
#include "engine/experiment/experiment.h"

namespace nanscope {

/// What is known of an accelerator.
struct Device {
  bool available = false;
  std::string name;     ///< its own name
  std::string missing;  ///< what is missing and what to do, where it is not available
};

/// Finds the devices. CUDA is looked for once, when it is first asked for.
class Devices {
 public:
  /// The device that an experiment runs on; `automatic` takes CUDA where all of it works.
  Result<c10::Device> choose(DeviceKind kind) const;
  /// CUDA, opened if that has not happened yet.
  Device cuda() const;
  /// The name of a chosen device.
  std::string name(c10::Device device) const;
};

}  // namespace nanscope
