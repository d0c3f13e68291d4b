#include "ui/canvas/canvas.h"

#include <array>
#include <cmath>

namespace nanscope {

void Canvas::line(ImVec2 from, ImVec2 to, ImU32 color, float width) {
  const std::array points{from, to};
  polyline(points, color, width);
}

void Canvas::arrow(ImVec2 from, ImVec2 to, ImU32 color, float width, float head) {
  const float length = std::hypot(to.x - from.x, to.y - from.y);
  if (!(length > 0)) return;
  const ImVec2 along{(to.x - from.x) / length, (to.y - from.y) / length};
  const ImVec2 neck{to.x - along.x * head, to.y - along.y * head};
  const float half = head * 0.5f;
  line(from, neck, color, width);
  polygon(std::array<ImVec2, 3>{{to,
                                 {neck.x - along.y * half, neck.y + along.x * half},
                                 {neck.x + along.y * half, neck.y - along.x * half}}},
          color);
}

void Canvas::centered(ImVec2 middle, std::string_view words, TextLook look) {
  look.anchor = Anchor::middle;
  text({middle.x, middle.y - text_extent(style_, look.face, look.size, words).y / 2}, words, look);
}

ImFont* font_of(const Style& style, Face face) {
  switch (face) {
    case Face::semibold:
      return style.fonts.semibold;
    case Face::mono:
      return style.fonts.mono;
    case Face::regular:
      break;
  }
  return style.fonts.regular;
}

ImVec2 text_extent(const Style& style, Face face, float size, std::string_view words) {
  return font_of(style, face)
      ->CalcTextSizeA(size, 1e9f, 0, words.data(), words.data() + words.size());
}

std::string cut_text(const Style& style, Face face, float size, std::string words, float room) {
  if (text_extent(style, face, size, words).x <= room) return words;
  while (!words.empty() && text_extent(style, face, size, words + "...").x > room) words.pop_back();
  return words + "...";
}

std::vector<std::string> wrapped_lines(const Style& style, Face face, float size,
                                       const std::string& words, float room) {
  std::vector<std::string> lines;
  const char* at = words.c_str();
  const char* const end = at + words.size();
  while (at < end) {
    const char* stop = font_of(style, face)->CalcWordWrapPosition(size, at, end, room);
    if (stop == at) ++stop;  // not even a letter has room
    lines.emplace_back(at, stop);
    at = stop;
    while (at < end && (*at == ' ' || *at == '\n')) ++at;
  }
  return lines;
}

void ScreenCanvas::fill(ImVec2 low, ImVec2 high, ImU32 color, float rounding) {
  list_.AddRectFilled(low, high, color, rounding);
}

void ScreenCanvas::fade(ImVec2 low, ImVec2 high, ImU32 left, ImU32 right) {
  list_.AddRectFilledMultiColor(low, high, left, right, right, left);
}

void ScreenCanvas::outline(ImVec2 low, ImVec2 high, ImU32 color, float width, float rounding) {
  list_.AddRect(low, high, color, rounding, width);
}

void ScreenCanvas::polyline(std::span<const ImVec2> points, ImU32 color, float width) {
  if (points.size() == 2)
    list_.AddLine(points[0], points[1], color, width);
  else
    list_.AddPolyline(points.data(), static_cast<int>(points.size()), color, width);
}

void ScreenCanvas::dashes(std::span<const ImVec2> points, ImU32 color, float width, Dash dash) {
  draw_dashes(list_, style(), points, color, width, dash);
}

void ScreenCanvas::polygon(std::span<const ImVec2> points, ImU32 color) {
  list_.AddConvexPolyFilled(points.data(), static_cast<int>(points.size()), color);
}

void ScreenCanvas::text(ImVec2 at, std::string_view words, const TextLook& look) {
  if (look.anchor != Anchor::left) {
    const float width = text_extent(style(), look.face, look.size, words).x;
    at.x -= look.anchor == Anchor::middle ? width / 2 : width;
  }
  list_.AddText(font_of(style(), look.face), look.size, {std::round(at.x), std::round(at.y)},
                look.color, words.data(), words.data() + words.size());
}

bool ScreenCanvas::visible(ImVec2 low, ImVec2 high) const {
  const ImVec2 from = list_.GetClipRectMin(), to = list_.GetClipRectMax();
  return high.x >= from.x && high.y >= from.y && low.x <= to.x && low.y <= to.y;
}

}  // namespace nanscope
