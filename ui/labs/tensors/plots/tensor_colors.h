#pragma once

#include "imgui.h"
#include "ui/labs/tensors/plots/tensor_cells.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// The colour of a cell of memory: its storage's hue, stronger towards the storage's end. It stays
/// with the cell through every view.
ImVec4 memory_color(const Style& style, const TensorChain& chain, const MemoryCell& cell);
/// The storage's own colour.
ImVec4 storage_color(const Style& style, int storage);
/// `a` with a share `t` of `b`.
ImVec4 blend(const ImVec4& a, const ImVec4& b, float t);
/// Black or white, whichever reads better on `ground`.
ImVec4 readable_on(const ImVec4& ground);

}  // namespace nanscope
