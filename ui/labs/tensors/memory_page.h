#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor_language/chain.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// The memory of a chain, or one of its plots alone, in what is left of the window, scrolled where
/// it is longer. Returns what can be copied at the pointer.
std::vector<std::string> draw_memory_page(const TensorChain& chain, std::string_view alone,
                                          const Style& style);

}  // namespace nanscope
