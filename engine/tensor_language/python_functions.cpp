#include "engine/tensor_language/python_functions.h"

#include <algorithm>
#include <array>

#include "engine/tensor_language/python_number.h"

namespace nanscope {

bool is_python_function(std::string_view name) {
  constexpr auto kFunctions = std::to_array<std::string_view>(
      {"abs", "all",   "any", "bool",  "divmod",   "float", "int",    "len", "list", "max",
       "min", "print", "pow", "range", "reversed", "round", "sorted", "str", "sum",  "tuple"});
  return is_torch_class(name) || std::ranges::find(kFunctions, name) != kFunctions.end();
}

bool is_torch_class(std::string_view name) { return name == "Size" || is_limits_class(name); }

bool is_limits_class(std::string_view name) { return name == "finfo" || name == "iinfo"; }

bool is_limit(std::string_view name) {
  constexpr auto kLimits = std::to_array<std::string_view>(
      {"bits", "dtype", "eps", "max", "min", "resolution", "smallest_normal", "tiny"});
  return std::ranges::find(kLimits, name) != kLimits.end();
}

bool is_in_math(std::string_view name) { return name == "prod" || is_math_function(name); }

}  // namespace nanscope
