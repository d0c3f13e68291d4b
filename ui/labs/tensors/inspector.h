#pragma once

#include <optional>
#include <string>

#include "ui/labs/lab.h"
#include "ui/labs/tensors/plots/tensor_cells.h"

namespace nanscope {

/// What the person asked for in the inspector.
struct TensorsInspection {
  std::optional<TensorCell> go_to;  ///< the same memory in another step
  std::optional<std::string> edit;  ///< the expression with a write into the cell
  bool inspect = false;             ///< open the value's bits
  std::string copied;               ///< text for the clipboard, or ""
};

/// An element: its value, how its address is computed, who else reads the cell, a field to write
/// into it.
TensorsInspection draw_element_inspector(const TensorChain& chain, const TensorCell& cell,
                                         const Style& style);

/// The chain's memory, when no element is chosen.
void draw_chain_inspector(const TensorChain& chain, const Style& style, LabRequests& requests);

/// The expression with a line that writes `value` into an element of a step; the step gets a name
/// if it has none.
std::string with_write(const TensorChain& chain, const TensorCell& cell, const std::string& value);

}  // namespace nanscope
