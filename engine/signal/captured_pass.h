#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "engine/cuda/cuda_unit.h"
#include "engine/network/plan.h"
#include "engine/signal/recorder.h"

namespace nanscope {

/// The whole pass of a plan, forward, backward and statistics, captured once as a CUDA graph: a
/// launch instead of thousands. The plan has to outlive it and to keep its gradients.
class CapturedPass {
 public:
  /// Captures. `upstream_gradient` sets shape and type of what run() takes.
  CapturedPass(const NetworkSpec& network, int batch, Plan& plan, const PrecisionRow& precision,
               const at::Tensor& upstream_gradient, const CudaUnit& cuda);

  /// One pass over the plan's present input and parameters; waits for it.
  void run(const at::Tensor& upstream_gradient, std::optional<SignalTensor> histogram);

  const Recorder& recorder() const { return recorder_; }

 private:
  Plan& plan_;
  at::Tensor upstream_gradient_;  ///< on the device
  Recorder recorder_;
  std::unique_ptr<CapturedGraph> graph_;
};

}  // namespace nanscope
