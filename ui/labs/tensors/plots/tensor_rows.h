#pragma once

#include "ui/canvas/canvas.h"
#include "ui/labs/tensors/plots/tensor_geometry.h"

namespace nanscope {

/// Draws a grid whose cells are too small for values as rows: one rectangle from the first cell's
/// colour to the last's, cut by lines between the columns. 10^4 cells are some 200 rectangles,
/// which are drawn within a frame without a graphics card, too. Draws nothing and returns false
/// where neighbours' colours are so far apart that cells have to be of one colour each.
bool draw_rows(Canvas& canvas, const TensorChain& chain, const TensorStep& step,
               const GridLayout& grid, ImVec2 corner);

/// One such rectangle, from the colour of one cell of memory to another's.
void draw_run(Canvas& canvas, const TensorChain& chain, const MemoryCell& first,
              const MemoryCell& last, Rectangle box);

}  // namespace nanscope
