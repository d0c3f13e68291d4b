#pragma once

#include <string_view>

#include "ui/canvas/canvas.h"

// What charts are made of beside lines and words. Positions and sizes are pixels.
namespace nanscope {

/// Slanted lines across a rectangle: "not here" without colour.
void draw_hatch(Canvas& canvas, ImVec2 low, ImVec2 high, ImU32 color);
/// The same with lines that go on in a rectangle beside it.
void draw_joined_hatch(Canvas& canvas, ImVec2 low, ImVec2 high, ImU32 color);

/// The marks that tell series apart without colour.
enum class Mark { circle, diamond, square, triangle, cross };
/// `size`: of the style's marker.
void draw_mark(Canvas& canvas, Mark mark, ImVec2 center, ImU32 color, float size = 1);

/// A ring around a point.
void draw_ring(Canvas& canvas, ImVec2 center, float radius, ImU32 color, float width);

/// A text on a plate: its size, and where it is drawn, kept within [low, high].
struct Plate {
  Face face = Face::regular;
  float size = 13;  ///< of the text
  ImVec4 color;
  bool bordered = false;
};
ImVec2 plate_size(const Style& style, const Plate& plate, std::string_view words);
void draw_plate(Canvas& canvas, const Plate& plate, ImVec2 position, std::string_view words,
                ImVec2 low, ImVec2 high);

}  // namespace nanscope
