#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/canvas/canvas.h"

namespace nanscope {

/// What can be copied of a drawing at a point: the words under it, then those of the whole row with
/// tabs between them. Nothing where no row is. `draw` is called with a canvas that only listens.
std::vector<std::string> words_at(const Style& style, ImVec2 point,
                                  const std::function<void(Canvas&)>& draw);

}  // namespace nanscope
