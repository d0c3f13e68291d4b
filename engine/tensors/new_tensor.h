#pragma once

#include "engine/tensors/executor.h"

namespace nanscope {

/// torch.tensor(data): nested lists of numbers and of tensors of one element; the dtype that all
/// can be promoted to unless `dtype` is given. A number that the dtype does not hold is refused in
/// PyTorch's words. From a tensor a copy.
Tried<at::Tensor> make_tensor(Executor& executor, const ChainValue& data,
                              std::optional<at::ScalarType> dtype);

}  // namespace nanscope
