#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/labs/tensors/plots/tensor_cells.h"

namespace nanscope {

/// What can be copied of an element: its value, its index, the cell that it reads. Nothing of none.
std::vector<std::string> words_of_cell(const TensorChain& chain,
                                       const std::optional<TensorCell>& cell);

}  // namespace nanscope
