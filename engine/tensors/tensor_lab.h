#pragma once

#include <memory>
#include <stop_token>

#include "engine/engine.h"
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

}  // namespace nanscope
