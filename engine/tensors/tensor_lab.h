#pragma once

#include <memory>
#include <stop_token>

#include "engine/base/result.h"
#include "engine/job/job.h"
#include "engine/tensor_language/chain.h"
#include "engine/tensors/overloads.h"
#include "engine/tensors/pace.h"

namespace nanscope {

/// Runs tensor chains. What it keeps between them: LibTorch's table of operators, how long
/// operations take here, and the latest chain, so that to try its numbers it is not run again.
class TensorLab {
 public:
  /// The chain up to its end or its first error, without a pause. Error: of the kind `cancelled`
  /// when `stop` was requested.
  Result<TensorChain> run(const TensorRequest& request, std::stop_token stop);

  Overloads& overloads();
  OperationPace& pace() { return pace_; }

  void keep(const TensorRequest& request, std::shared_ptr<const TensorChain> chain);
  /// The chain that was kept of the same request without `parameters`; null if there is none.
  std::shared_ptr<const TensorChain> kept(const TensorRequest& request) const;

 private:
  std::unique_ptr<Overloads> overloads_;  ///< read when it is first needed
  OperationPace pace_;
  TensorRequest kept_request_;
  std::shared_ptr<const TensorChain> kept_;
};

/// Runs a chain on `lab`, which has to outlive the job, in slices of one operation at least:
/// LibTorch cannot be interrupted in the midst of one. The largest that the executor lets through
/// takes some ten seconds, and its progress says so before.
std::unique_ptr<Job> make_chain_job(TensorRequest request, TensorLab& lab);

}  // namespace nanscope
