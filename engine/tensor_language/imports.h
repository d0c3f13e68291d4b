#pragma once

#include <map>

#include "engine/tensor_language/lexer.h"

namespace nanscope {

/// Names that a program gave to what there is: "th" stands for torch after `import torch as th`.
using OtherNames = std::map<std::string, std::string, std::less<>>;

/// Reads the import statement that begins at tokens[place], and notes its names. Returns the place
/// behind it. What torch, einops and math have is there without an import; other modules are
/// refused.
Parsed<std::size_t> read_import(const std::vector<Token>& tokens, std::size_t place,
                                OtherNames& names);

/// "NumPy" for np and numpy, "JAX", "TensorFlow"; "" for what is none of them.
std::string_view other_library(std::string_view name);

}  // namespace nanscope
