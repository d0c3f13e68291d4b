#include "engine/signal/device.h"

#include <dlfcn.h>

#include "engine/signal/cpu_name.h"

namespace nanscope {

Device Devices::cuda() const {
  if (dlopen("libcuda.so.1", RTLD_NOW | RTLD_GLOBAL) == nullptr)
    return {.available = false, .name = "", .missing =
                "cuda needs an NVIDIA driver (libcuda.so.1 is not on this machine); use "
                "device=cpu, or install the driver."};
  return {.available = false, .name = "", .missing = "not yet"};
}

Result<c10::Device> Devices::choose(DeviceKind kind) const {
  if (kind == DeviceKind::cpu) return c10::Device(c10::kCPU);
  const Device found = cuda();
  if (found.available) return c10::Device(c10::kCUDA);
  if (kind == DeviceKind::automatic) return c10::Device(c10::kCPU);
  return work_error("device", found.missing);
}

std::string Devices::name(c10::Device device) const {
  return device.is_cpu() ? cpu_name() : cuda().name;
}

}  // namespace nanscope
