#pragma once

#include "engine/tensors/executor.h"

namespace nanscope {

/// The value of a call, and the names of its dimensions where the call says them (einops).
struct Called {
  ChainValue value;
  std::vector<std::string> dimension_names = {};
};

/// Calls an operation of engine/tensor_language/operations.h. A method's tensor is the first
/// argument; an attribute is a method without others.
Tried<Called> call_operation(Executor& executor, const std::string& name,
                             const Arguments& arguments, bool method);

}  // namespace nanscope
