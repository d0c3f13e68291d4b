#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/tensor_language/syntax.h"
#include "engine/tensors/overloads.h"

namespace nanscope {

/// A whole number in the text of a program, its sign included, that an operation is called with.
struct Literal {
  int begin = 0, end = 0;  ///< bytes of the text
  std::int64_t value = 0;
  std::string operation = {},
              name = {};  ///< "transpose", and LibTorch's name of the argument: "dim0"
  bool is_size = false;   ///< of a list of sizes, or of an einops axis
  int neighbour = -1;     ///< the literal beside it in the same list of sizes
};

/// In the order of the text. The numbers of tensor([...]) are values, and none of them.
std::vector<Literal> find_literals(Overloads& overloads, const Program& program);

}  // namespace nanscope
