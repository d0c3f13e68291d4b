#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/tensors/executor.h"

// jaxtyping-like names of dimensions, `x: "batch seq hidden" = ...`, carried from step to step.
namespace nanscope {

using DimensionNames = std::vector<std::string>;

/// The names of a call's result, from those of its arguments; none where they cannot be told.
DimensionNames names_after_call(Executor& executor, const std::string& name,
                                const Arguments& arguments, bool method, const at::Tensor& result);

/// The names of x[key].
DimensionNames names_after_index(const TensorValue& owner, const ChainValue& key,
                                 const at::Tensor& result);

/// Lengths that names stand for, the same wherever they occur.
using NamedLengths = std::map<std::string, std::int64_t, std::less<>>;

/// Reads an annotation and compares it with a tensor's shape. "..." stands for any dimensions, "_"
/// for one without a name, a number for a dimension of that length.
Tried<DimensionNames> read_names(std::string_view annotation, const at::Tensor& tensor,
                                 NamedLengths& lengths);

}  // namespace nanscope
