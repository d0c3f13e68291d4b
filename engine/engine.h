#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

#include "engine/base/result.h"
#include "engine/probes/signal.h"
#include "engine/roundoff/settings.h"
#include "engine/tensor_language/chain.h"
#include "engine/tensor_language/memory_timings.h"

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

struct SignalRequest {
  Experiment experiment;
  /// The tensor whose histogram is counted in each layer; none saves the time.
  std::optional<SignalTensor> histogram = SignalTensor::activation;
  bool operator==(const SignalRequest&) const = default;
};

/// One experiment on rounding; needs no LibTorch.
struct RoundoffRequest {
  std::string experiment;  ///< "accumulation"
  RoundoffSettings settings;
  bool operator==(const RoundoffRequest&) const = default;
};

/// What a lab asks for. A lab that asks for something new is one more line here and in LabResults.
using LabRequest =
    std::variant<SignalRequest, RoundoffRequest, TensorRequest, MemoryTimingsRequest>;

/// Called from the worker while a long step is under way: what it does, 0..1 how far it is.
using Progress = std::function<void(const std::string& what, double fraction)>;

/// Owns every tensor. Used from one thread at a time; between calls it keeps drawn weights and
/// buffers, so that a moved control costs one pass.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual EngineInfo info() const = 0;
  /// One forward and backward pass at initialization. Errors: data that cannot be read, a device
  /// that is not there, memory that is not enough; "cancelled" when `stop` was requested. After an
  /// error the engine can be used as before.
  virtual Result<SignalSnapshot> signal(const SignalRequest& request, std::stop_token stop,
                                        const Progress& progress) = 0;
  /// A chain of tensor operations up to its end or its first error, which is part of the result.
  /// Error: "cancelled" when `stop` was requested.
  virtual Result<TensorChain> tensor(const TensorRequest& request, std::stop_token stop) = 0;
  /// Copies of so many bytes from host to device: from pageable memory and from pinned memory.
  /// Error: what is missing for a GPU, as here, where an engine has none.
  virtual Result<std::vector<CopyTiming>> copies_to_device(std::int64_t /*bytes*/,
                                                           std::stop_token /*stop*/) {
    return work_error("device", "There is no GPU here");
  }
};

/// How LibTorch's threads wait for one another: a moment awake, then asleep. By default they spin
/// for milliseconds, and on cores that others use too (a window that draws) a pass takes twenty
/// times as long. Works through the environment, which the user may set (OMP_WAIT_POLICY): call it
/// in main() while there is one thread. load_engine() does it too.
void limit_spinning();

/// Opens the shared library nanscope_engine beside this program and makes an engine. Takes about
/// a second the first time, since it maps LibTorch: call it on the worker thread.
Result<std::unique_ptr<Engine>> load_engine();

/// The message of the error that a cancelled pass returns.
inline constexpr const char* kCancelled = "cancelled";

}  // namespace nanscope
