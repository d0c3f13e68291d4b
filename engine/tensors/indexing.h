#pragma once

#include "engine/tensors/executor.h"

namespace nanscope {

/// x[key], as Python's: integers and slices make views, lists and tensors copy.
Tried<at::Tensor> index(Executor& executor, const at::Tensor& tensor, const ChainValue& key);

/// x[key] = value. The value is a tensor or a number.
Tried<at::Tensor> write(Executor& executor, const at::Tensor& tensor, const ChainValue& key,
                        const ChainValue& value);

}  // namespace nanscope
