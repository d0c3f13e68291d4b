#include "engine/cuda/cuda_unit.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

namespace nanscope {
namespace {

class Graph final : public CapturedGraph {
 public:
  explicit Graph(const std::function<void()>& work) : stream_(c10::cuda::getStreamFromPool()) {
    // A graph is captured on a stream of its own, which has to see what the others have done.
    C10_CUDA_CHECK(cudaDeviceSynchronize());
    const c10::cuda::CUDAStreamGuard guard(stream_);
    work();
    stream_.synchronize();
    // Other threads may go on calling CUDA meanwhile.
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
      work();
    } catch (...) {
      abandon_capture();
      throw;
    }
    graph_.capture_end();
  }

  void replay() override {
    C10_CUDA_CHECK(cudaDeviceSynchronize());
    const c10::cuda::CUDAStreamGuard guard(stream_);
    graph_.replay();
    stream_.synchronize();
  }

 private:
  /// A stream that stays in capture would refuse all later work; the error that led here is told.
  void abandon_capture() {
    try {
      graph_.capture_end();
    } catch (const c10::Error&) {
      return;
    }
  }

  c10::cuda::CUDAStream stream_;
  at::cuda::CUDAGraph graph_;
};

class Unit final : public CudaUnit {
 public:
  Unit() {
    int count = 0;
    C10_CUDA_CHECK(cudaGetDeviceCount(&count));
    TORCH_CHECK(count > 0, "the driver sees no GPU");
    C10_CUDA_CHECK(cudaGetDeviceProperties(&properties_, 0));
  }

  CudaDevice device() const override {
    return {.name = properties_.name,
            .multiprocessors = properties_.multiProcessorCount,
            .major = properties_.major,
            .minor = properties_.minor,
            .total_bytes = static_cast<std::int64_t>(properties_.totalGlobalMem)};
  }

  std::int64_t available_bytes() const override {
    c10::cuda::CUDACachingAllocator::emptyCache();
    std::size_t free = 0, total = 0;
    C10_CUDA_CHECK(cudaMemGetInfo(&free, &total));
    return static_cast<std::int64_t>(free);
  }

  std::unique_ptr<CapturedGraph> capture(const std::function<void()>& work) const override {
    return std::make_unique<Graph>(work);
  }

 private:
  cudaDeviceProp properties_{};
};

}  // namespace
}  // namespace nanscope

extern "C" __attribute__((visibility("default"))) nanscope::CudaUnit* nanscope_make_cuda_unit(
    std::string* reason) {
  try {
    return new nanscope::Unit();
  } catch (const c10::Error& error) {
    *reason = error.what_without_backtrace();
  } catch (const std::exception& error) {
    *reason = error.what();
  }
  *reason = reason->substr(0, reason->find('\n'));
  return nullptr;
}
