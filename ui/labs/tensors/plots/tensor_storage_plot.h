#pragma once

#include "ui/canvas/canvas.h"
#include "ui/labs/tensors/plots/tensor_cells.h"

namespace nanscope {

/// Which cells of each storage a step reads, and in which order: a row a step under the storage's
/// cells. Drawn into a rectangle of this size.
void draw_tensor_storage(Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size);

/// The height that it needs, in heights of body text.
float tensor_storage_rows(const TensorChain& chain);
/// The height in pixels that it needs at this width in a window.
float tensor_storage_height(const TensorChain& chain, const Style& style, float width);

}  // namespace nanscope
