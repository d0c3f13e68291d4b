#pragma once

#include <c10/core/Device.h>

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/cuda/cuda_unit.h"
#include "engine/experiment/network.h"

namespace nanscope {

/// The devices of this machine. LibTorch asks for CUDA once and remembers the answer: make this
/// before any other use of ATen.
class Devices {
 public:
  /// Opens CUDA where there is a driver.
  Devices();

  /// The device that an experiment runs on; `automatic` takes CUDA where all of it works. Error:
  /// cuda was asked for, and is not there.
  Result<c10::Device> choose(DeviceKind kind) const;
  /// The name of a chosen device.
  std::string name(c10::Device device) const;
  const std::string& cpu_name() const { return cpu_name_; }

  /// Null without CUDA.
  const CudaUnit* cuda() const { return cuda_.get(); }
  /// What is missing for CUDA and what to do; empty with CUDA.
  const Message& missing() const { return missing_; }

 private:
  std::string cpu_name_;
  Message missing_;
  std::unique_ptr<CudaUnit> cuda_;
};

}  // namespace nanscope
