#pragma once

#include <optional>

#include "engine/tensors/executor.h"
#include "engine/tensors/value.h"

namespace nanscope {

/// A function that is Python's own, of its module math, or torch.Size, called with values of
/// any kind: max(2, 3), math.sqrt(2), float("-inf"), len(x). A tensor that it goes through is given
/// as the list of its rows (python_iteration.h). `module` is what stands before its name:
/// "", "math", "torch". Nothing where the call is LibTorch's: abs(x), torch.max(x).
std::optional<Tried<ChainValue>> call_python(Executor& executor, std::string_view module,
                                             std::string_view name, const Arguments& arguments);

}  // namespace nanscope
