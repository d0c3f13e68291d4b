#pragma once

#include "ui/theme/theme.h"

namespace nanscope {

/// The outline of a plot that has no data yet: where its title, axes and grid will be.
void plot_skeleton(ImVec2 size, const Style& style);

/// The place of a plot that there is none for, and the words that say so in its middle.
void plot_empty(const char* words, ImVec2 size, const Style& style);

}  // namespace nanscope
