#pragma once

#include <memory>
#include <stop_token>

#include "engine/base/result.h"
#include "engine/job/job.h"
#include "engine/tensor_language/chain.h"
#include "engine/tensors/overloads.h"

namespace nanscope {

/// Runs tensor chains. Keeps only LibTorch's table of operators between them.
class TensorLab {
 public:
  /// The chain up to its end or its first error. Error: "cancelled" when `stop` was requested.
  Result<TensorChain> run(const TensorRequest& request, std::stop_token stop);

 private:
  std::unique_ptr<Overloads> overloads_;  ///< read when it is first needed
};

/// Runs a chain on `lab`, which has to outlive the job.
std::unique_ptr<Job> make_chain_job(TensorRequest request, TensorLab& lab);

}  // namespace nanscope
