#include "ui/charts/stroke.h"

namespace nanscope {

void draw_stroke(Canvas& canvas, std::span<const ImVec2> points, const Stroke& stroke) {
  if (points.size() < 2) return;
  const float width = px(canvas.style().line_width * stroke.width);
  if (stroke.dash.off > 0)
    canvas.dashes(points, ink(stroke.color), width, stroke.dash);
  else
    canvas.polyline(points, ink(stroke.color), width);
}

}  // namespace nanscope
