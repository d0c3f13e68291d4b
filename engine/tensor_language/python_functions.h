#pragma once

#include <string_view>

namespace nanscope {

/// Functions that Python has itself, without a module: abs, float, len, ... and torch's classes.
bool is_python_function(std::string_view name);

/// Those of them that are Python's also where an argument is a tensor, as float(x) and len(x); the
/// others are PyTorch's then: max(x).
bool is_python_function_of_tensors(std::string_view name);

/// Classes of torch that are called: Size, finfo, iinfo.
bool is_torch_class(std::string_view name);
/// finfo and iinfo.
bool is_limits_class(std::string_view name);
/// What one of these two may have: max, eps, ...
bool is_limit(std::string_view name);

/// A list behind which module a function stands: "math" for math.sqrt.
/// math.prod and what call_math() of python_number.h knows.
bool is_in_math(std::string_view name);

}  // namespace nanscope
