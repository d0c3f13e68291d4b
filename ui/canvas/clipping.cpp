#include "ui/canvas/clipping.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nanscope {
namespace {

// In double: the ends of a line may be millions of pixels away.
ImVec2 between(ImVec2 a, ImVec2 b, double share) {
  const auto mix = [&](double from, double to) {
    return static_cast<float>(from + (to - from) * share);
  };
  return {mix(a.x, b.x), mix(a.y, b.y)};
}

/// The polygon's part where `depth` of a point is not negative.
template <class Depth>
std::vector<ImVec2> half_inside(const std::vector<ImVec2>& points, const Depth& depth) {
  std::vector<ImVec2> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const ImVec2 from = points[i], to = points[(i + 1) % points.size()];
    const double a = depth(from), b = depth(to);
    if (a >= 0) kept.push_back(from);
    if ((a >= 0) != (b >= 0)) kept.push_back(between(from, to, a / (a - b)));
  }
  return kept;
}

}  // namespace

std::optional<std::pair<double, double>> part_inside(const ClipBox& box, ImVec2 from, ImVec2 to) {
  const double dx = double(to.x) - from.x, dy = double(to.y) - from.y;
  double enter = 0, leave = 1;
  // Each edge: how far inside of it the line begins, and how much of that it loses on its way.
  for (const auto& [inside, loss] :
       {std::pair{double(from.x) - box.low.x, -dx}, std::pair{double(box.high.x) - from.x, dx},
        std::pair{double(from.y) - box.low.y, -dy}, std::pair{double(box.high.y) - from.y, dy}}) {
    if (loss == 0 && inside < 0) return std::nullopt;
    if (loss == 0) continue;
    const double at = inside / loss;
    if (loss < 0)
      enter = std::max(enter, at);
    else
      leave = std::min(leave, at);
  }
  if (!(enter <= leave)) return std::nullopt;
  return std::pair{enter, leave};
}

std::vector<LinePart> parts_inside(const ClipBox& box, std::span<const ImVec2> points) {
  std::vector<LinePart> parts;
  double passed = 0;  // pixels of the line so far
  bool open = false;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const ImVec2 from = points[i - 1], to = points[i];
    if (is_gap(from) || is_gap(to)) {
      open = false;
      continue;
    }
    const double length = std::hypot(double(to.x) - from.x, double(to.y) - from.y);
    const auto part = part_inside(box, from, to);
    if (part) {
      if (!open || part->first > 0)
        parts.push_back({{between(from, to, part->first)}, passed + length * part->first});
      parts.back().points.push_back(between(from, to, part->second));
    }
    open = part && part->second == 1;
    passed += length;
  }
  return parts;
}

std::vector<ImVec2> polygon_inside(const ClipBox& box, std::span<const ImVec2> points) {
  std::vector<ImVec2> kept(points.begin(), points.end());
  kept = half_inside(kept, [&](ImVec2 p) { return double(p.x) - box.low.x; });
  kept = half_inside(kept, [&](ImVec2 p) { return double(box.high.x) - p.x; });
  kept = half_inside(kept, [&](ImVec2 p) { return double(p.y) - box.low.y; });
  return half_inside(kept, [&](ImVec2 p) { return double(box.high.y) - p.y; });
}

}  // namespace nanscope
