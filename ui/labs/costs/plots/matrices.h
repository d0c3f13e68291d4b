#pragma once

#include "engine/costs/requests/walk.h"
#include "ui/canvas/canvas.h"

namespace nanscope {

/// What a step reads and what it writes as matrices side by side, with their numbers where it has
/// some, in such letters, else as boxes whose sides grow with the logarithm of their dimensions.
void draw_matrices(Canvas& canvas, const WalkStep& step, ImVec2 corner, ImVec2 size, float letters);

/// Forward, back by input, back by weight and the optimizer each have a colour of their own.
ImVec4 way_color(const Style& style, const WalkStep& step);

}  // namespace nanscope
