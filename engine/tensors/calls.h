#pragma once

#include "engine/tensors/executor.h"

namespace nanscope {

/// The value of a call; the names of its dimensions, and what its elements were computed from,
/// where the call says so (einops).
struct Called {
  ChainValue value;
  std::vector<std::string> dimension_names = {};
  ElementSources sources = {};
};

/// Calls an operation of engine/tensor_language/operations.h. A method's tensor is the first
/// argument; an attribute is a method without others.
Tried<Called> call_operation(Executor& executor, const std::string& name,
                             const Arguments& arguments, bool method);

}  // namespace nanscope
