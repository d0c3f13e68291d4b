#pragma once

#include "ui/charts/plot.h"
#include "ui/labs/optimizers/plots/paths_picture.h"

namespace nanscope {

/// Every operation of the step that is looked at: its formula, what it came to in the format and
/// what it comes to in fp64, and how the two differ.
Plot anatomy_plot(std::shared_ptr<const PathsPicture> picture);

/// The height in pixels that all of its rows take.
float anatomy_height(const PathsPicture& picture, const Style& style, float width);

/// How an operation's result differs from fp64's: a key of ui/text.
const char* difference_key(const AnatomyLine& line, std::size_t element);

}  // namespace nanscope
