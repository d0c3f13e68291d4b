#pragma once

#include "engine/tensor_language/chain.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// The memory of a chain in what is left of the window, scrolled where it is longer.
void draw_memory_page(const TensorChain& chain, const Style& style);

}  // namespace nanscope
