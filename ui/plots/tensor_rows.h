#pragma once

#include "ui/plots/canvas.h"
#include "ui/plots/tensor_geometry.h"

namespace nanscope {

/// Draws a grid whose cells are too small for values as rows: one rectangle from the first cell's
/// colour to the last's, cut by lines between the columns. 10^4 cells are some 200 rectangles,
/// which are drawn within a frame without a graphics card, too. Draws nothing and returns false
/// where neighbours' colours are so far apart that cells have to be of one colour each.
bool draw_rows(Canvas& canvas, const TensorChain& chain, const TensorStep& step,
               const GridLayout& grid, ImVec2 corner);

/// The same for cells of a storage beside one another, [first, first + count).
void draw_memory_run(Canvas& canvas, const TensorChain& chain, MemoryCell first, std::int64_t count,
                     Rectangle box);

}  // namespace nanscope
