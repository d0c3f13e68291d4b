#include "ui/canvas/shapes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nanscope {
namespace {

/// A filled polygon in an edge of the ground's colour, so that marks on one another stay apart.
template <std::size_t N>
void edged(Canvas& canvas, const std::array<ImVec2, N>& points, ImU32 color) {
  canvas.polygon(points, color);
  std::array<ImVec2, N + 1> edge;
  std::ranges::copy(points, edge.begin());
  edge.back() = points.front();
  canvas.polyline(edge, ink(canvas.style().palette.surface), units(canvas.style(), 1));
}

ImVec2 plate_padding(const Style& style, const Plate& plate) {
  return plate.bordered ? ImVec2{px(style.spacing * 0.75f), px(style.spacing * 0.375f)}
                        : ImVec2{px(style.spacing * 0.375f), 0};
}

float hatch_step(const Style& style) { return units(style, 8); }

/// Rising lines, the first from the lower edge's line at x.
void hatch_from(float x, Canvas& canvas, ImVec2 low, ImVec2 high, ImU32 color) {
  const float height = high.y - low.y, step = hatch_step(canvas.style());
  for (; x < high.x; x += step) {
    const ImVec2 from{x, high.y}, to{x + height, low.y};
    if (const auto part = part_inside({low, high}, from, to)) {
      const auto at = [&](double share) {
        const float t = static_cast<float>(share) * height;
        return ImVec2{x + t, high.y - t};
      };
      canvas.line(at(part->first), at(part->second), color, units(canvas.style(), 1));
    }
  }
}

}  // namespace

void draw_hatch(Canvas& canvas, ImVec2 low, ImVec2 high, ImU32 color) {
  hatch_from(low.x - (high.y - low.y), canvas, low, high, color);
}

void draw_joined_hatch(Canvas& canvas, ImVec2 low, ImVec2 high, ImU32 color) {
  const float step = hatch_step(canvas.style());
  hatch_from(std::ceil((low.x + low.y) / step) * step - high.y, canvas, low, high, color);
}

void draw_ring(Canvas& canvas, ImVec2 center, float radius, ImU32 color, float width) {
  canvas.outline({center.x - radius, center.y - radius}, {center.x + radius, center.y + radius},
                 color, width, radius);
}

void draw_mark(Canvas& canvas, Mark mark, ImVec2 center, ImU32 color, float size) {
  const float line = units(canvas.style(), 1);
  const auto [x, y] = std::array{center.x, center.y};
  const float r = px(canvas.style().marker_size) * size;
  if (!canvas.visible({x - 2 * r, y - 2 * r}, {x + 2 * r, y + 2 * r})) return;
  switch (mark) {
    case Mark::circle:
      canvas.fill({x - r, y - r}, {x + r, y + r}, color, r);
      draw_ring(canvas, center, r, ink(canvas.style().palette.surface), line);
      break;
    case Mark::diamond:
      edged(canvas,
            std::array<ImVec2, 4>{
                {{x, y - r * 1.25f}, {x + r * 1.25f, y}, {x, y + r * 1.25f}, {x - r * 1.25f, y}}},
            color);
      break;
    case Mark::square:
      edged(canvas,
            std::array<ImVec2, 4>{{{x - r * 0.9f, y - r * 0.9f},
                                   {x + r * 0.9f, y - r * 0.9f},
                                   {x + r * 0.9f, y + r * 0.9f},
                                   {x - r * 0.9f, y + r * 0.9f}}},
            color);
      break;
    case Mark::triangle:
      edged(canvas,
            std::array<ImVec2, 3>{
                {{x, y - r * 1.2f}, {x + r * 1.15f, y + r * 0.8f}, {x - r * 1.15f, y + r * 0.8f}}},
            color);
      break;
    case Mark::cross:
      canvas.line({x - r, y - r}, {x + r, y + r}, color, line * 2);
      canvas.line({x - r, y + r}, {x + r, y - r}, color, line * 2);
      break;
  }
}

ImVec2 plate_size(const Style& style, const Plate& plate, std::string_view words) {
  const ImVec2 text = text_extent(style, plate.face, plate.size, words);
  const ImVec2 padding = plate_padding(style, plate);
  return {text.x + padding.x * 2, text.y + padding.y * 2};
}

void draw_plate(Canvas& canvas, const Plate& plate, ImVec2 position, std::string_view words,
                ImVec2 low, ImVec2 high) {
  const Style& style = canvas.style();
  const ImVec2 padding = plate_padding(style, plate), size = plate_size(style, plate, words);
  position.x = std::max(low.x, std::min(position.x, high.x - size.x));
  position.y = std::max(low.y, std::min(position.y, high.y - size.y));
  const ImVec2 end{position.x + size.x, position.y + size.y};
  const float rounding = px(style.spacing * 0.375f);
  canvas.fill(position, end, ink(style.palette.surface), rounding);
  if (plate.bordered)
    canvas.outline(position, end, ink(plate.color), units(style, 1.25f), rounding);
  canvas.text({position.x + padding.x, position.y + padding.y}, words,
              {plate.face, plate.size, ink(plate.color)});
}

}  // namespace nanscope
