#pragma once

#include "engine/tensor_language/chain.h"
#include "ui/canvas/canvas.h"

namespace nanscope {

/// What every step takes and costs: elements times bytes, new memory as a bar, bytes moved, FLOPs,
/// time; below them the whole chain. Drawn into a rectangle of this size.
void draw_tensor_memory(Canvas& canvas, const TensorChain& chain, ImVec2 corner, ImVec2 size);

/// The height that it needs, in heights of body text.
float tensor_memory_rows(const TensorChain& chain);
/// The height in pixels that it needs at this width in a window.
float tensor_memory_height(const TensorChain& chain, const Style& style, float width);

}  // namespace nanscope
