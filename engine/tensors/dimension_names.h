#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensors/executor.h"

// jaxtyping-like names of dimensions, `x: "batch seq hidden" = ...`, carried from step to step.
namespace nanscope {

using DimensionNames = std::vector<std::string>;

/// The names of a call's result, from those of its arguments; none where they cannot be told.
DimensionNames names_after_call(Executor& executor, const std::string& name,
                                const Arguments& arguments, bool method, const at::Tensor& result);

/// Which of its tensor's dimensions each of a call's result is, -1 for one that is new: of
/// operations that keep, move, drop or add whole dimensions. Nothing where the call cannot be
/// tried.
std::optional<std::vector<int>> follow_dimensions(Executor& executor, const std::string& name,
                                                  const Arguments& arguments, bool method);

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
