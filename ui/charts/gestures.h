#pragma once

#include "ui/charts/plot.h"

// What a pointer at a place of a chart does to its zoom. Over the plot area a gesture is about both
// axes, left of it about the y axis, below it about the x axis.
namespace nanscope {

/// How much closer a notch of the wheel or a key brings a chart: two of them double it.
inline constexpr double kZoomNotch = 1.4142135623730951;

/// `factor` times as close about a pixel.
PlotZoom zoom_about(const ChartFrame& frame, ImVec2 pixel, double factor);
/// The same about the middle of what is seen.
PlotZoom zoom_about_middle(const ChartFrame& frame, double factor);

/// What was at pixel `from` comes to pixel `to`.
PlotZoom pan_to(const ChartFrame& frame, ImVec2 from, ImVec2 to);

/// The box between two pixels fills the plot area. A box that is thinner than a person can have
/// meant zooms along the other axis only.
PlotZoom zoom_to_box(const ChartFrame& frame, ImVec2 from, ImVec2 to);

/// What zoom_to_box() would make of these corners, to draw it meanwhile; pixels.
struct ZoomBox {
  ImVec2 low, high;
  bool x = false, y = false;  ///< which axes it zooms
};
ZoomBox zoom_box(const ChartFrame& frame, ImVec2 from, ImVec2 to);

}  // namespace nanscope
