#pragma once

#include <functional>
#include <vector>

#include "engine/tensors/executor.h"

// Where elements that are moved as they are came from: the operation is carried out once more, on
// the elements' numbers.
namespace nanscope {

/// Work that moves elements of the tensors that it is handed.
using Move = std::function<Tried<at::Tensor>(Executor&, const std::vector<ChainValue>& numbers)>;

/// What the elements in `window` of the result were before `move`. None for tensors so large that
/// moving their numbers would be felt.
ElementSources sources_of_move(Overloads& overloads, const std::vector<const TensorValue*>& inputs,
                               const CellWindow& window, const Move& move);

/// The same of the first result of a call of an operation; its elements are those of the first
/// argument, a tensor or a list of them.
ElementSources sources_of_moving_call(Overloads& overloads, const std::string& name,
                                      const Arguments& arguments, bool method,
                                      const CellWindow& window);

}  // namespace nanscope
