#pragma once

#include "engine/tensors/executor.h"

namespace nanscope {

/// x.shape, x.size(0), x.is_contiguous(), x.tolist(): plain values. The tensor is the first
/// argument.
Tried<ChainValue> fact(const std::string& name, const Arguments& arguments);

}  // namespace nanscope
