#pragma once

#include <string_view>

namespace nanscope {

/// Functions that Python has itself, without a module: abs, float, len, ... and Size of torch.
bool is_python_function(std::string_view name);

/// Those of them that are Python's also where an argument is a tensor, as float(x) and len(x); the
/// others are PyTorch's then: max(x).
bool is_python_function_of_tensors(std::string_view name);

/// A list behind which module a function stands: "math" for math.sqrt.
/// math.prod and what call_math() of python_number.h knows.
bool is_in_math(std::string_view name);

}  // namespace nanscope
