#include "ui/charts/chart_signs.h"

#include <algorithm>

#include "ui/text/text.h"

namespace nanscope {

float lock_width(const Style& style) { return body(style) * text_size::small * 1.25f; }

void draw_zoom_box(Canvas& canvas, const ZoomBox& box) {
  const Style& style = canvas.style();
  canvas.fill(box.low, box.high, ink(style.palette.accent, 0.12f), 0);
  canvas.outline(box.low, box.high, ink(style.palette.accent), units(style, 1), 0);
}

void draw_zoom_note(Canvas& canvas, const ChartFrame& frame, ImVec2 corner, const char* words) {
  const Style& style = canvas.style();
  const float size = body(style) * text_size::small;
  TextLook look{Face::regular, size, ink(style.palette.accent), Anchor::right};
  if (frame.y.zooms)
    return canvas.text({frame.high.x - lock_width(style), frame.low.y - size * 1.35f}, words, look);
  look.anchor = Anchor::left;
  canvas.text({corner.x, frame.high.y + size * 1.45f}, words, look);
}

LabelBox lock_box(const Style& style, const ChartFrame& frame) {
  const float size = body(style) * text_size::small;
  return {{frame.high.x - 0.75f * size, frame.low.y - size * 1.3f},
          {frame.high.x, frame.low.y - size * 0.25f}};
}

void draw_lock(Canvas& canvas, const LabelBox& box) {
  const Style& style = canvas.style();
  const ImU32 color = ink(style.palette.accent);
  const float width = box.high.x - box.low.x, height = box.high.y - box.low.y;
  const float shackle = width * 0.2f, line = std::max(1.0f, width / 6);
  canvas.outline({box.low.x + shackle, box.low.y + line / 2},
                 {box.high.x - shackle, box.high.y - height * 0.2f}, color, line, width / 3);
  canvas.fill({box.low.x, box.low.y + height * 0.45f}, box.high, color, width / 8);
}

}  // namespace nanscope
