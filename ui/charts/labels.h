#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ui/canvas/canvas.h"

// Where labels stand in a chart: they give way to one another always, and to what is drawn where
// they can.
namespace nanscope {

struct LabelBox {
  ImVec2 low, high;

  bool touches(const LabelBox& other) const {
    return low.x < other.high.x && high.x > other.low.x && low.y < other.high.y &&
           high.y > other.low.y;
  }
  /// Within the box, not on its edge.
  bool holds(ImVec2 point) const {
    return point.x > low.x && point.x < high.x && point.y > low.y && point.y < high.y;
  }
  bool inside(const LabelBox& area) const {
    return low.x >= area.low.x && high.x <= area.high.x && low.y >= area.low.y &&
           high.y <= area.high.y;
  }
};

/// The places of a chart's labels, the more important ones first.
class LabelPlaces {
 public:
  static constexpr std::ptrdiff_t kAny = std::numeric_limits<std::ptrdiff_t>::max() - 1;

  /// Labels stand within `area` and hide as few of `points`, pixels of what is drawn, as they can:
  /// they keep this far from them.
  explicit LabelPlaces(LabelBox area, std::vector<ImVec2> points = {}, float away = 0)
      : area_(area), points_(std::move(points)), away_(away) {}

  /// Which of the corners is a label's of this size, the first of those that hide the least; it is
  /// taken then. None where at each the label would leave the area, touch another one or hide more
  /// than `most` points.
  std::optional<ImVec2> take(std::span<const ImVec2> corners, ImVec2 size,
                             std::ptrdiff_t most = kAny);
  /// Something stands there that no label may touch.
  void keep_free(const LabelBox& box) { taken_.push_back(box); }

  const LabelBox& area() const { return area_; }

 private:
  LabelBox area_;
  std::vector<ImVec2> points_;
  float away_ = 0;  ///< pixels
  std::vector<LabelBox> taken_;
};

/// Corners of a label of this size all over an area, from above to below: for what may stand
/// anywhere.
std::vector<ImVec2> corners_all_over(const LabelBox& area, ImVec2 size);
/// From an end of a line to the other: where a label of its length stands, in shares of its way.
std::vector<float> shares_along(bool from_end);

/// Adds points along a line, at most `apart` pixels from one another, as far as it is in the area;
/// points that are NaN interrupt it.
void add_points_along(std::vector<ImVec2>& points, std::span<const ImVec2> line, float apart,
                      const LabelBox& area);

}  // namespace nanscope
