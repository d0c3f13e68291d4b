#pragma once

#include <span>

#include "ui/canvas/shapes.h"

namespace nanscope {

/// How a series is told from others: by colour and mark, and by its dashes.
struct Stroke {
  ImVec4 color;
  Mark mark = Mark::circle;
  bool marked = false;
  Dash dash{0, 0};      ///< off = 0: a solid line
  float width = 1;      ///< of the style's line
  float mark_size = 1;  ///< of the style's marker
};

/// A line through the points; points that are NaN interrupt it.
void draw_stroke(Canvas& canvas, std::span<const ImVec2> points, const Stroke& stroke);

}  // namespace nanscope
