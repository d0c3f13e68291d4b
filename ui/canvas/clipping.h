#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "imgui.h"

// What of a drawing lies near a rectangle. A chart that is zoomed has points millions of pixels
// away: renderers lose the places of lines that far, and dashes along them are never seen.
namespace nanscope {

struct ClipBox {
  ImVec2 low, high;
};

/// Whether a point has no place: it interrupts a line.
inline bool is_gap(ImVec2 point) { return std::isnan(point.x) || std::isnan(point.y); }

/// The shares 0..1 of the way between two points that lie in a rectangle; nothing if none does.
std::optional<std::pair<double, double>> part_inside(const ClipBox& box, ImVec2 from, ImVec2 to);

/// A part of a line: its points, and how many pixels of the line come before them.
struct LinePart {
  std::vector<ImVec2> points;
  double skipped = 0;
};

/// The parts of a line that lie in a rectangle. Points that are NaN interrupt the line.
std::vector<LinePart> parts_inside(const ClipBox& box, std::span<const ImVec2> points);

/// The part of a convex polygon that lies in a rectangle.
std::vector<ImVec2> polygon_inside(const ClipBox& box, std::span<const ImVec2> points);

}  // namespace nanscope
