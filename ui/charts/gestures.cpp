#include "ui/charts/gestures.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

constexpr float kThinnest = 8;  // pixels of a box

/// The zoom that the frame shows.
PlotZoom zoom_of(const ChartFrame& frame) {
  const auto zoom = [](const ScaledAxis& axis) {
    return axis.limits == axis.home ? std::nullopt : std::optional(axis.limits);
  };
  return {zoom(frame.x), zoom(frame.y)};
}

bool about_x(const ChartFrame& frame, ImVec2 pixel) {
  return frame.x.zooms && (pixel.x >= frame.low.x || pixel.y > frame.high.y);
}

bool about_y(const ChartFrame& frame, ImVec2 pixel) {
  return frame.y.zooms && (pixel.y <= frame.high.y || pixel.x < frame.low.x);
}

/// Shares of the plot area, x from the left and y from below.
double x_share(const ChartFrame& frame, float x) {
  return double(x - frame.low.x) / double(frame.high.x - frame.low.x);
}
double y_share(const ChartFrame& frame, float y) {
  return double(frame.high.y - y) / double(frame.high.y - frame.low.y);
}

}  // namespace

PlotZoom zoom_about(const ChartFrame& frame, ImVec2 pixel, double factor) {
  PlotZoom zoom = zoom_of(frame);
  const auto along = [&](const ScaledAxis& axis, double share) {
    return zoomed(axis.limits, axis.home, std::clamp(share, 0.0, 1.0), factor, axis.reach);
  };
  const bool x = about_x(frame, pixel), y = about_y(frame, pixel);
  if (x) zoom.x = along(frame.x, x_share(frame, pixel.x));
  if (y) zoom.y = along(frame.y, y_share(frame, pixel.y));
  return zoom;
}

PlotZoom zoom_about_middle(const ChartFrame& frame, double factor) {
  return zoom_about(frame, {(frame.low.x + frame.high.x) / 2, (frame.low.y + frame.high.y) / 2},
                    factor);
}

PlotZoom pan_to(const ChartFrame& frame, ImVec2 from, ImVec2 to) {
  PlotZoom zoom = zoom_of(frame);
  if (about_x(frame, from))
    zoom.x = panned(frame.x.limits, frame.x.home, x_share(frame, from.x) - x_share(frame, to.x));
  if (about_y(frame, from))
    zoom.y = panned(frame.y.limits, frame.y.home, y_share(frame, from.y) - y_share(frame, to.y));
  return zoom;
}

ZoomBox zoom_box(const ChartFrame& frame, ImVec2 from, ImVec2 to) {
  const auto inside = [&](ImVec2 pixel) {
    return ImVec2{std::clamp(pixel.x, frame.low.x, frame.high.x),
                  std::clamp(pixel.y, frame.low.y, frame.high.y)};
  };
  const bool begins_x = about_x(frame, from), begins_y = about_y(frame, from);
  const ImVec2 a = inside(from), b = inside(to);
  ZoomBox box{{std::min(a.x, b.x), std::min(a.y, b.y)}, {std::max(a.x, b.x), std::max(a.y, b.y)}};
  box.x = begins_x && box.high.x - box.low.x >= kThinnest;
  box.y = begins_y && box.high.y - box.low.y >= kThinnest;
  if (!box.x) {
    box.low.x = frame.low.x;
    box.high.x = frame.high.x;
  }
  if (!box.y) {
    box.low.y = frame.low.y;
    box.high.y = frame.high.y;
  }
  return box;
}

PlotZoom zoom_to_box(const ChartFrame& frame, ImVec2 from, ImVec2 to) {
  PlotZoom zoom = zoom_of(frame);
  const ZoomBox box = zoom_box(frame, from, to);
  if (box.x)
    zoom.x = narrowed(frame.x.limits, frame.x.home, x_share(frame, box.low.x),
                      x_share(frame, box.high.x), frame.x.reach);
  if (box.y)
    zoom.y = narrowed(frame.y.limits, frame.y.home, y_share(frame, box.high.y),
                      y_share(frame, box.low.y), frame.y.reach);
  return zoom;
}

}  // namespace nanscope
