#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/roundoff/chart.h"
#include "ui/canvas/canvas.h"
#include "ui/charts/axis.h"

// The frame of a chart on a canvas: axes with ticks, a legend above, marks.
namespace nanscope {

/// An axis in the units that are drawn: the value, or its logarithm.
struct ScaledAxis {
  int log_base = 0;  ///< 0: linear
  Limits limits;
  Ticks ticks;

  /// The place of a value in these units; NaN for what a logarithm has no place for.
  double scaled(double value) const;
};

/// The axis around these values, with at most `most` ticks. `percent`: ticks in per cent.
ScaledAxis scaled_axis(std::span<const double> values, int log_base, double most,
                       const ImFont* font, bool percent);

struct ChartFrame {
  ScaledAxis x, y;
  ImVec2 low, high;  ///< corners of the plot area, pixels

  bool has(double x_value, double y_value) const;
  ImVec2 at(double x_value, double y_value) const;
  float x_at(double value) const;
  float y_at(double value) const;
};

/// How a series is told from others: by colour and mark, and by its dashes.
struct Stroke {
  ImVec4 color;
  Mark mark = Mark::circle;
  bool marked = false;
  Dash dash{0, 0};  ///< off = 0: a solid line
  float width = 2;  ///< units
};

void draw_stroke(Canvas& canvas, std::span<const ImVec2> points, const Stroke& stroke);
void draw_marker(Canvas& canvas, Mark mark, ImVec2 center, const ImVec4& color);

struct ChartLegendEntry {
  Stroke stroke;
  std::string words;
  bool line = true;  ///< a line; otherwise only the mark
};

/// Entries one after the other, in rows as long as `width`.
void draw_chart_legend(Canvas& canvas, std::span<const ChartLegendEntry> entries, ImVec2 corner,
                       float width);
/// The height that they take.
float chart_legend_height(const Style& style, std::span<const ChartLegendEntry> entries,
                          float width);

/// Grid, ticks and names of the axes.
void draw_chart_frame(Canvas& canvas, const ChartFrame& frame, const std::string& x_name,
                      const std::string& y_name);

/// The room that the names and ticks take around the plot area.
ChartFrame place_chart(const Style& style, ScaledAxis x, ScaledAxis y, ImVec2 corner, ImVec2 size);

}  // namespace nanscope
