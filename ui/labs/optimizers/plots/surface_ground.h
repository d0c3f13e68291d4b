#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "engine/optimizers/plane.h"
#include "ui/charts/chart_frame.h"

namespace nanscope {

/// A loss on a grid over the part of the plane that a chart shows. What the last frame had is this
/// frame's, too, unless that is another part or surface.
struct SurfaceGround {
  std::optional<SurfaceKind> kind = {};
  double condition = 0;
  std::shared_ptr<const LossPlane> plane = {};  ///< of a run
  Limits x = {}, y = {};
  /// At the corners of the cells, rows from above; infinity where the loss is not finite, NaN where
  /// it was not measured.
  std::vector<double> log10 = {};
  double low = 0, high = 0;  ///< of what is drawn
  /// Lines of one loss: from a point to the next one, then from the next one but one, in cells from
  /// the upper left corner.
  struct Contour {
    double power = 0;  ///< the loss is 10 to this
    std::vector<Pair> points;
    bool is_whole() const { return power == std::floor(power); }
  };
  std::vector<Contour> contours = {};
};

/// Where a point of a contour is.
ImVec2 place_of(const ChartFrame& frame, const Pair& point);

/// A loss over the part of the plane that a chart shows: a quiet ramp of colours by its logarithm,
/// with contour lines at every half power of ten, or closer where it varies less; hatched where it
/// is not finite.
void draw_surface_ground(Canvas& canvas, const ChartFrame& frame, const Paths& paths,
                         SurfaceGround& ground);

}  // namespace nanscope
