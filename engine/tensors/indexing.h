#pragma once

#include "engine/tensors/executor.h"

namespace nanscope {

/// x[key], as Python's: integers and slices make views, lists and tensors copy.
Tried<at::Tensor> index(Executor& executor, const at::Tensor& tensor, const ChainValue& key);

/// x[key] = value. The value is a tensor or a number.
Tried<at::Tensor> write(Executor& executor, const at::Tensor& tensor, const ChainValue& key,
                        const ChainValue& value);

/// tensor(data): nested lists of numbers; int64, float32 or bool unless `dtype` is given.
Tried<at::Tensor> make_tensor(Executor& executor, const ChainValue& data,
                              std::optional<at::ScalarType> dtype);

}  // namespace nanscope
