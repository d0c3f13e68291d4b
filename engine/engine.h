#pragma once

#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/job/job.h"
#include "engine/job/job_request.h"

// The engine behind its one door. Everything that needs LibTorch lives in the shared library
// nanscope_engine, which load_engine() opens at run time; this header needs none of it.
namespace nanscope {

struct EngineInfo {
  std::string libtorch_version;  ///< "2.15.0"
  std::string cpu_name;
  std::string cpu_capability;  ///< "AVX512", as ATen names it
  int threads = 1;
  bool cuda_available = false;
  /// The GPU's name, or what is missing for CUDA and what to do.
  std::string cuda;
};

/// Owns every tensor. Used from one thread at a time; between jobs it keeps drawn weights and
/// buffers of each slot, so that a moved control costs one pass.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual EngineInfo info() const = 0;
  /// The job that answers a request. It must not outlive the engine; of one slot there is one job
  /// at a time. Error: a request of a kind that this engine does not know. What is wrong with a
  /// request that it knows, the job says: data that cannot be read, a device that is not there,
  /// memory that is not enough. After an error the engine can be used as before.
  virtual Result<std::unique_ptr<Job>> make_job(const JobRequest& request) = 0;
  /// The slot's latest job ended without a result, and no other follows: what only it needed may
  /// go.
  virtual void forget_unfinished(const std::string& slot) { static_cast<void>(slot); }
};

/// How LibTorch's threads wait for one another: a moment awake, then asleep. By default they spin
/// for milliseconds, and on cores that others use too (a window that draws) a pass takes twenty
/// times as long. Works through the environment, which the user may set (OMP_WAIT_POLICY): call it
/// in main() while there is one thread. load_engine() does it too.
void limit_spinning();

/// Opens the shared library nanscope_engine beside this program and makes an engine. Takes about
/// a second the first time, since it maps LibTorch: call it on the worker thread.
Result<std::unique_ptr<Engine>> load_engine();

}  // namespace nanscope
