#pragma once

#include <optional>
#include <span>
#include <string>

#include "ui/canvas/canvas.h"
#include "ui/charts/axis.h"
#include "ui/charts/zoom.h"

// The frame of every chart: axes with ticks and names, and where values have their places.
//
// Charts are the house's own and not ImPlot's, which drew the Signal lab's before: they have to go
// into SVG documents as well, which ImPlot cannot, so that there would be two systems of axes,
// ticks and gestures for the same people; it has no axis for logarithms that leaves infinities out,
// and its items draw a million points by walking all of them in every frame (ui/charts/curve.h).
namespace nanscope {

/// An axis that can be locked, in units that do not depend on the size of the chart.
struct LockableAxis {
  Limits home;   ///< unless it is locked
  Limits taken;  ///< by what is drawn
};

/// An axis in the units that are drawn: the value, or its logarithm.
struct ScaledAxis {
  int log_base = 0;    ///< 0: linear
  Limits limits = {};  ///< what is seen
  Limits home = {};    ///< what is seen unless a person zooms
  Ticks ticks = {};
  bool zooms = true;  ///< false: always shows its home
  ZoomReach reach = {};
  std::optional<LockableAxis> lockable = {};

  /// The place of a value in these units; NaN for what a logarithm has no place for.
  double scaled(double value) const;
  /// Whether a place in these units is shown unless a person zooms, but for a rounding.
  bool at_home(double place) const;
};

/// How an axis around values is made.
struct AxisWish {
  int log_base = 0;
  double most = 8;  ///< ticks
  bool percent = false;
  std::optional<Limits> zoom = {};
  std::optional<Limits> held = {};  ///< what it is locked to
  bool whole = false;               ///< it counts: ticks at whole numbers
};

/// The axis around these values, which can be locked.
ScaledAxis scaled_axis(std::span<const double> values, const AxisWish& wish, const ImFont* font);

struct ChartFrame {
  ScaledAxis x, y;
  ImVec2 low, high;  ///< corners of the plot area, pixels

  ImVec2 at(double x_value, double y_value) const;
  float x_at(double value) const;
  float y_at(double value) const;
  /// What stands at a pixel, in the axis' units.
  double x_unit(float pixel) const;
  double y_unit(float pixel) const;
  /// The pixels of a place in the axes' units.
  ImVec2 at_units(double x, double y) const;
  bool contains(ImVec2 pixel, float slack = 0) const;
};

/// Grid, ticks and names of the axes.
void draw_chart_frame(Canvas& canvas, const ChartFrame& frame, const std::string& x_name,
                      const std::string& y_name);

/// A note at the right end of the y axis' name's row, `brief` if it has little room; where that has
/// none, nothing, unless it is needed.
void draw_beside_y_name(Canvas& canvas, const ChartFrame& frame, const std::string& y_name,
                        const std::string& note, const std::string& brief, bool needed);

/// The room that the names and ticks take around the plot area. `least_labels` pixels are left for
/// the labels on the left side, so that charts under one another are equally wide.
ChartFrame place_chart(const Style& style, ScaledAxis x, ScaledAxis y, ImVec2 corner, ImVec2 size,
                       float least_labels = 0);

/// While it lives, what lies outside of the plot area is not drawn. Of a chart that shows all of
/// its data, lines and marks on the edge of the plot area are whole.
class FrameClip {
 public:
  /// `shows_all`: unless somebody zooms; false where some of it lies beyond the axes anyway.
  FrameClip(Canvas& canvas, const ChartFrame& frame, bool shows_all = true);

 private:
  Clip clip_;
};

/// The height that names and ticks take, above and below the plot area together.
float frame_height(const Style& style);

}  // namespace nanscope
