#pragma once

#include "engine/optimizers/surfaces.h"
#include "ui/charts/chart_frame.h"

namespace nanscope {

/// A loss over the part of the plane that a chart shows: a quiet ramp of colours by its logarithm,
/// with contour lines at every half power of ten.
void draw_surface_ground(Canvas& canvas, const ChartFrame& frame, const Surface& surface);

}  // namespace nanscope
