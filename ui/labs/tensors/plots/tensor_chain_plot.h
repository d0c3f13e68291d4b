#pragma once

#include <optional>
#include <vector>

#include "ui/canvas/canvas.h"
#include "ui/labs/tensors/plots/tensor_layout.h"

namespace nanscope {

/// How far cells are from their places: one distance a shown cell of a step's grid, in row-major
/// order; a step without any is at rest.
using CellShifts = std::vector<std::vector<ImVec2>>;

/// What is pointed at, chosen and on its way; nothing is in a picture.
struct ChainView {
  std::optional<MemoryCell> lit;      ///< lit wherever a step reads it
  std::optional<TensorCell> element;  ///< whose address is computed
  int chosen_step = -1;
  bool addresses = false;              ///< cells show where they lie rather than their values
  const CellShifts* shifts = nullptr;  ///< null: all at rest
};

/// The whole chain, its upper left corner at `corner`.
void draw_chain(Canvas& canvas, const TensorChain& chain, const ChainLayout& layout, ImVec2 corner,
                const ChainView& view);

}  // namespace nanscope
