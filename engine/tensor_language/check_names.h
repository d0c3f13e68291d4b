#pragma once

#include <optional>
#include <string_view>

#include "engine/tensor_language/syntax.h"

namespace nanscope {

/// What `torch.x`, `F.x` and `einops.x` stand for is `x`.
bool is_module(std::string_view name);
/// The name behind modules, `softmax` of `torch.nn.functional.softmax`, or "" for what is something
/// else: a variable, an expression.
std::string_view free_name(const Node& node);
/// inf, nan, pi.
std::optional<double> constant(std::string_view name);

/// The first name in a program that is no operation, variable, dtype or constant, with the nearest
/// one that is.
std::optional<SyntaxError> check_names(const Program& program);

}  // namespace nanscope
