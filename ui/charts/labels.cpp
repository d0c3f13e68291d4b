#include "ui/charts/labels.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

constexpr double kMostSteps = 4096;  // of a line across a picture

}  // namespace

std::optional<ImVec2> LabelPlaces::take(std::span<const ImVec2> corners, ImVec2 size,
                                        std::ptrdiff_t most) {
  std::optional<LabelBox> best;
  std::ptrdiff_t least = most + 1;
  for (const ImVec2& at : corners) {
    const LabelBox box{at, {at.x + size.x, at.y + size.y}};
    const auto touches = [&](const LabelBox& other) { return box.touches(other); };
    if (!box.inside(area_) || std::ranges::any_of(taken_, touches)) continue;
    const LabelBox around{{at.x - away_, at.y - away_},
                          {at.x + size.x + away_, at.y + size.y + away_}};
    std::ptrdiff_t hidden = 0;
    for (std::size_t i = 0; i < points_.size() && hidden < least; ++i)
      hidden += around.holds(points_[i]);
    if (hidden >= least) continue;
    least = hidden;
    best = box;
    if (hidden == 0) break;
  }
  if (!best) return std::nullopt;
  taken_.push_back(*best);
  return best->low;
}

std::vector<ImVec2> corners_all_over(const LabelBox& area, ImVec2 size) {
  constexpr int kColumns = 24, kRows = 12;  // steps from edge to edge
  const float right = area.high.x - area.low.x - size.x, down = area.high.y - area.low.y - size.y;
  std::vector<ImVec2> corners;
  for (int row = 0; row <= kRows; ++row)
    for (int column = 0; column <= kColumns; ++column)
      corners.push_back({area.low.x + right * static_cast<float>(column) / kColumns,
                         area.low.y + down * static_cast<float>(row) / kRows});
  return corners;
}

std::vector<float> shares_along(bool from_end) {
  constexpr int kSteps = 16;
  std::vector<float> shares;
  for (int i = 0; i <= kSteps; ++i) {
    const float share = static_cast<float>(i) / kSteps;
    shares.push_back(from_end ? 1 - share : share);
  }
  return shares;
}

void add_points_along(std::vector<ImVec2>& points, std::span<const ImVec2> line, float apart,
                      const LabelBox& area) {
  const ClipBox box{area.low, area.high};
  for (std::size_t i = 1; i < line.size(); ++i) {
    const ImVec2 from = line[i - 1], to = line[i];
    if (is_gap(from) || is_gap(to)) continue;
    const auto part = part_inside(box, from, to);
    if (!part) continue;
    const auto [first, last] = *part;
    const double length = std::hypot(double(to.x) - from.x, double(to.y) - from.y);
    const int steps =
        static_cast<int>(std::clamp(std::ceil(length * (last - first) / apart), 1.0, kMostSteps));
    for (int k = 0; k <= steps; ++k) {
      const double share = first + (last - first) * k / steps;
      points.push_back({static_cast<float>(from.x + share * (double(to.x) - from.x)),
                        static_cast<float>(from.y + share * (double(to.y) - from.y))});
    }
  }
}

}  // namespace nanscope
