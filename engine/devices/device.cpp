#include "engine/devices/device.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>

#include "engine/machine/cpu_name.h"

namespace nanscope {
namespace {

constexpr const char* kUnit = "libnanscope_cuda.so";

/// Opens a library for the life of the process; its reason is "" when that worked.
std::string open_library(const std::string& name, int visibility) {
  return dlopen(name.c_str(), RTLD_NOW | visibility | RTLD_NODELETE) != nullptr ? "" : dlerror();
}

/// The path of a library beside the one that holds this function.
std::string beside_this_library(const char* name) {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&beside_this_library), &info) == 0) return name;
  return (std::filesystem::path(info.dli_fname).parent_path() / name).string();
}

/// The optional unit, or null and what is missing. Each step needs the one before.
std::unique_ptr<CudaUnit> open_cuda(Message& missing) {
  if (!open_library("libcuda.so.1", RTLD_GLOBAL).empty()) {
    missing = message(
        "cuda needs an NVIDIA driver (libcuda.so.1 is not on this machine); use device=cpu, or "
        "install the driver.");
    return nullptr;
  }
  // Found beside libtorch_cpu.so, through this library's run path. Global: its kernels register
  // themselves, and it opens further libraries that need its symbols.
  if (const std::string reason = open_library("libtorch_cuda.so", RTLD_GLOBAL); !reason.empty()) {
    missing = message(
        "LibTorch's CUDA libraries cannot be opened ({}); run ./nanscope, which fetches them where "
        "an NVIDIA driver is, or use device=cpu.",
        reason);
    return nullptr;
  }
  const std::string path = beside_this_library(kUnit);
  void* unit = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  void* factory = unit == nullptr ? nullptr : dlsym(unit, kCudaFactory);
  if (factory == nullptr) {
    missing = message(
        "{} cannot be opened ({}); run ./nanscope, which builds it, or use "
        "device=cpu.",
        path, dlerror());
    return nullptr;
  }
  std::string reason;
  std::unique_ptr<CudaUnit> cuda(reinterpret_cast<CudaUnitFactory>(factory)(&reason));
  if (!cuda) missing = message("CUDA does not start: {}; use device=cpu.", reason);
  return cuda;
}

}  // namespace

Devices::Devices() : cpu_name_(read_cpu_name()), cuda_(open_cuda(missing_)) {}

Result<c10::Device> Devices::choose(DeviceKind kind) const {
  if (kind != DeviceKind::cpu && cuda_) return c10::Device(c10::kCUDA, 0);
  if (kind == DeviceKind::cuda) return work_error("device", missing_);
  return c10::Device(c10::kCPU);
}

std::string Devices::name(c10::Device device) const {
  return device.is_cpu() || !cuda_ ? cpu_name_ : cuda_->device().name;
}

}  // namespace nanscope
