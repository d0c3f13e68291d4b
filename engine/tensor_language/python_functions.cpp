#include "engine/tensor_language/python_functions.h"

#include <algorithm>
#include <array>

#include "engine/tensor_language/python_number.h"

namespace nanscope {

bool is_python_function(std::string_view name) {
  constexpr auto kFunctions = std::to_array<std::string_view>(
      {"abs", "bool", "divmod", "float", "int", "len", "list", "max", "min", "pow", "print",
       "range", "round", "Size", "sum", "tuple"});
  return std::ranges::find(kFunctions, name) != kFunctions.end();
}

bool is_in_math(std::string_view name) { return name == "prod" || is_math_function(name); }

}  // namespace nanscope
