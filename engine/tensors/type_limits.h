#pragma once

#include <string>

#include "engine/tensors/value.h"

// torch.finfo and torch.iinfo, as torch/csrc/TypeInfo.cpp has them, which LibTorch comes without.
namespace nanscope {

/// `name`: "finfo" or "iinfo", of a dtype; finfo() is float32's. Errors are PyTorch's.
Tried<ChainValue> limits_of(std::string_view name, const std::vector<ChainValue>& arguments);

/// limits.max, limits.eps and their kind.
Tried<ChainValue> limit(const LimitsValue& limits, std::string_view name);

/// "torch.finfo"
std::string limits_type(const LimitsValue& limits);
/// "iinfo(min=-128, max=127, dtype=int8)"
std::string limits_text(const LimitsValue& limits);

}  // namespace nanscope
