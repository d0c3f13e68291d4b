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
/// The module that a name is taken from, as is_module() has it: "math" of math.sqrt; "" for a name
/// alone.
std::string_view module_of(const Node& node);
/// Whether a call's child is key=len: one of Python's functions, not a value.
bool names_key(const Node& call, std::size_t child, bool is_variable);
/// inf, nan, pi, math.e: a number that has a name.
std::optional<double> constant(const Node& node);
/// contiguous_format, channels_last and their kind.
bool is_memory_format(std::string_view name);
/// values, indices: parts of what max(dim), sort() and their kind give.
bool is_result_name(std::string_view name);

/// The first name in a program that is no operation, variable, dtype or constant, with the nearest
/// one that is.
std::optional<SyntaxError> check_names(const Program& program);

}  // namespace nanscope
