#include "engine/tensor_language/python_functions.h"

#include <algorithm>
#include <array>

#include "engine/tensor_language/python_number.h"

namespace nanscope {

bool is_python_function(std::string_view name) {
  constexpr auto kOfPlainValues =
      std::to_array<std::string_view>({"abs", "max", "min", "pow", "round", "sum"});
  return is_python_function_of_tensors(name) ||
         std::ranges::find(kOfPlainValues, name) != kOfPlainValues.end();
}

bool is_python_function_of_tensors(std::string_view name) {
  constexpr auto kFunctions = std::to_array<std::string_view>(
      {"bool", "divmod", "float", "int", "len", "list", "print", "range", "Size", "tuple"});
  return std::ranges::find(kFunctions, name) != kFunctions.end();
}

bool is_in_math(std::string_view name) { return name == "prod" || is_math_function(name); }

}  // namespace nanscope
