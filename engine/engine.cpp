#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <map>
#include <memory>
#include <new>
#include <string>
#include <utility>

#include "engine/base/version.h"
#include "engine/devices/device.h"
#include "engine/loader/loader.h"
#include "engine/measuring/calibration_job.h"
#include "engine/measuring/cost_job.h"
#include "engine/measuring/moving_data_job.h"
#include "engine/runs/plane_job.h"
#include "engine/runs/training_job.h"
#include "engine/runs/trials_job.h"
#include "engine/signal/signal_job.h"
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

/// A job whose exceptions are errors.
class GuardedJob final : public Job {
 public:
  explicit GuardedJob(std::unique_ptr<Job> job) : job_(std::move(job)) {}

  Result<JobResult> advance(JobContext& context) override {
    const c10::InferenceMode without_autograd;
    try {
      return job_->advance(context);
    } catch (const c10::Error& error) {
      return is_out_of_memory(error)
                 ? out_of_memory()
                 : work_error("engine", "{}", first_line(error.what_without_backtrace()));
    } catch (const std::bad_alloc&) {
      return out_of_memory();
    } catch (const std::exception& error) {
      return work_error("engine", "{}", first_line(error.what()));
    }
  }

 private:
  std::unique_ptr<Job> job_;
};

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
            .cuda = devices_.cuda() ? devices_.cuda()->device().name : devices_.missing().text()};
  }

  Result<std::unique_ptr<Job>> make_job(const JobRequest& request) override {
    std::unique_ptr<Job> job = job_of(request);
    if (!job) return work_error("engine", "It knows no such request.");
    return std::make_unique<GuardedJob>(std::move(job));
  }

  void forget_unfinished(const std::string& slot) override {
    if (const auto pass = passes_.find(slot); pass != passes_.end())
      pass->second.forget_unfinished();
  }

 private:
  /// What the engine can be asked for, a line each.
  std::unique_ptr<Job> job_of(const JobRequest& asked) {
    if (const auto* signal = asked.as<SignalRequest>())
      return make_signal_job(*signal, passes_[asked.slot()], devices_);
    if (const auto* training = asked.as<TrainingRequest>()) return make_training_job(*training);
    if (const auto* plane = asked.as<PlaneRequest>()) return make_plane_job(*plane, ground_);
    if (const auto* trials = asked.as<TrialsRequest>()) return make_trials_job(*trials);
    if (const auto* costs = asked.as<CostMeasurementRequest>())
      return make_cost_job(*costs, machine());
    if (const auto* calibration = asked.as<CalibrationRequest>())
      return make_calibration_job(*calibration, machine(calibration->threads));
    if (const auto* data = asked.as<MovingDataRequest>())
      return make_moving_data_job(*data, why_no_gpu());
    if (const auto* chain = asked.as<TensorRequest>()) return make_chain_job(*chain, tensors_);
    if (const auto* copies = asked.as<DeviceCopiesRequest>())
      return make_device_copies_job(*copies, devices_);
    return nullptr;
  }

  /// Why what is moved is moved on the CPU.
  Message why_no_gpu() const {
    return devices_.cuda()
               ? message("copies to {} are not measured", devices_.cuda()->device().name)
               : devices_.missing();
  }

  /// With so many threads; 0: all that LibTorch takes.
  Machine machine(int threads = 0) const {
    return {.processor = devices_.cpu_name(),
            .threads = threads > 0 ? threads : at::get_num_threads(),
            .libtorch = TORCH_VERSION};
  }

  Devices devices_;  ///< first: CUDA is opened before anything else asks LibTorch for it
  std::map<std::string, SignalPass> passes_;  ///< by slot: two of them may be under way at a time
  KeptGround ground_;
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
