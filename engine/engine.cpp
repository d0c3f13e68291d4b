#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <new>

#include "engine/base/version.h"
#include "engine/loader/loader.h"
#include "engine/machine/device.h"
#include "engine/signal/signal_pass.h"
#include "engine/tensors/device_copies.h"
#include "engine/tensors/tensor_lab.h"

// The engine's outside: what crosses the border of the shared library.
namespace nanscope {
namespace {

/// The first line of what LibTorch says, without its stack trace.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

tl::unexpected<Error> out_of_memory() {
  return work_error("memory", "There is not enough memory for this; reduce width, depth or batch.");
}

/// The CPU's allocator throws a plain c10::Error (LibTorch 2.15).
bool is_out_of_memory(const c10::Error& error) {
  return dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
         std::string_view(error.what_without_backtrace()).find("can't allocate memory") !=
             std::string_view::npos;
}

/// What `work` returns; what it throws as an error, after `recover`.
template <class Work, class Recover>
auto guarded(const Work& work, const Recover& recover) -> decltype(work()) {
  const c10::InferenceMode without_autograd;
  try {
    return work();
  } catch (const c10::Error& error) {
    recover();
    return is_out_of_memory(error)
               ? out_of_memory()
               : work_error("engine", first_line(error.what_without_backtrace()));
  } catch (const std::bad_alloc&) {
    recover();
    return out_of_memory();
  } catch (const std::exception& error) {
    recover();
    return work_error("engine", first_line(error.what()));
  }
}

class LibTorchEngine final : public Engine {
 public:
  LibTorchEngine() {
    // Subnormal numbers are part of what is shown: nobody may flush them to zero. Threads inherit
    // the setting, so it comes before the first parallel work.
    at::globalContext().setFlushDenormal(false);
  }

  EngineInfo info() const override {
    return {.libtorch_version = TORCH_VERSION,
            .cpu_name = devices_.cpu_name(),
            .cpu_capability = at::get_cpu_capability(),
            .threads = at::get_num_threads(),
            .cuda_available = devices_.cuda() != nullptr,
            .cuda = devices_.cuda() ? devices_.cuda()->device().name : devices_.missing()};
  }

  Result<SignalSnapshot> signal(const SignalRequest& request, std::stop_token stop,
                                const Progress& progress) override {
    Watch watch(std::move(stop), progress);
    return guarded([&] { return pass_.run(request, devices_, watch); }, [&] { pass_.clear(); });
  }

  Result<TensorChain> tensor(const TensorRequest& request, std::stop_token stop) override {
    return guarded([&] { return tensors_.run(request, std::move(stop)); }, [] {});
  }

  Result<std::vector<CopyTiming>> copies_to_device(std::int64_t bytes,
                                                   std::stop_token stop) override {
    const Result<c10::Device> device = devices_.choose(DeviceKind::cuda);
    if (!device) return tl::unexpected(device.error());
    return guarded([&] { return measure_device_copies(bytes, *device, stop); }, [] {});
  }

 private:
  Devices devices_;  ///< first: CUDA is opened before anything else asks LibTorch for it
  SignalPass pass_;
  TensorLab tensors_;
};

}  // namespace
}  // namespace nanscope

extern "C" __attribute__((visibility("default"))) const char* nanscope_engine_build_id() {
  return nanscope::build_id();
}

extern "C" __attribute__((visibility("default"))) nanscope::Engine* nanscope_make_engine(
    std::string* reason) {
  try {
    return new nanscope::LibTorchEngine();
  } catch (const std::exception& error) {
    *reason = nanscope::first_line(error.what());
    return nullptr;
  }
}
