#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

// What needs CUDA's headers, behind an interface that needs none: the shared library nanscope_cuda,
// which the engine opens where an NVIDIA driver is.
namespace nanscope {

struct CudaDevice {
  std::string name;  ///< "NVIDIA H100 80GB HBM3"
  int multiprocessors = 0;
  int major = 0, minor = 0;  ///< compute capability
  std::int64_t total_bytes = 0;
};

/// Work on a device that was recorded once and runs again as a whole.
class CapturedGraph {
 public:
  virtual ~CapturedGraph() = default;
  /// Runs the work again on the same buffers and waits until it is done.
  virtual void replay() = 0;
};

class CudaUnit {
 public:
  virtual ~CudaUnit() = default;
  virtual CudaDevice device() const = 0;
  /// Bytes that could be allocated now, the allocator's own reserve included.
  virtual std::int64_t available_bytes() const = 0;
  /// Runs `work` once to warm up and once more to record it. It may not read from the device, and
  /// the tensors that it allocates live as long as somebody holds them. Throws c10::Error.
  virtual std::unique_ptr<CapturedGraph> capture(const std::function<void()>& work) const = 0;
};

/// The name under which the library exports its factory, and its type: a unit, or null and the
/// reason. Never throws; the caller owns the unit.
inline constexpr const char* kCudaFactory = "nanscope_make_cuda_unit";
using CudaUnitFactory = CudaUnit* (*)(std::string* reason);

}  // namespace nanscope
