#pragma once

#include <string>
#include <string_view>

#include "engine/tensor_language/chain.h"
#include "ui/charts/place_menu.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// The memory of a chain, or one of its plots alone, in what is left of the window, scrolled where
/// it is longer. In a lecture hall a plot fills that place. A number that is clicked is `copied`.
/// Returns what finds out, in this frame, what can be copied at the pointer.
PlaceMenu::Words draw_memory_page(const TensorChain& chain, std::string_view alone, bool in_hall,
                                  const Style& style, std::string& copied);

}  // namespace nanscope
