#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/charts/legend.h"
#include "ui/charts/plot.h"
#include "ui/labs/signal/plots/signal_plots.h"

// The frame that all plots over depth share: head, axes, guide lines, readings, empty state.
namespace nanscope {

/// The drawing area while a plot is drawn.
struct DepthCanvas {
  const SignalSnapshot& snapshot;
  Canvas& canvas;
  const ChartFrame& frame;

  const Style& style() const { return canvas.style(); }
  ImVec2 low() const { return frame.low; }
  ImVec2 high() const { return frame.high; }
  /// Pixels from one layer to the next.
  float layer_width() const;
  /// The point of a layer (index, fractions between layers) at `y` in the axis' units.
  ImVec2 at(double layer, double y) const;
};

struct DepthPlot {
  std::string title;
  std::string brief_title = {};  ///< where the title has no room; "" for none
  std::vector<LegendEntry> legend;
  /// In the row of the layers' name: it comes and goes without moving anything.
  std::optional<LegendEntry> foot = {};
  std::string y_name;
  Limits y;  ///< what is seen unless a person zooms
  std::optional<LockableAxis> lockable = {};
  int last_layer = 0;  ///< the axis reaches at least to this number
  /// Ticks for what is seen, with about `most` of them; where they crowd, the first ones stay.
  std::function<Ticks(const Limits& seen, double most)> y_ticks;
  /// Said in the middle of the plot when there are layers but nothing to draw; may be empty.
  std::string note;
  std::function<void(const DepthCanvas&)> draw;
  /// Tags and names, over the line of a chosen layer; may be empty.
  std::function<void(const DepthCanvas&)> label = {};
  /// Table and values for the layer under the pointer, which stands at `y`.
  std::function<void(PlotReading& reading, int layer, double y)> read;
};

/// Draws a plot into a place: title, legend, axes and data. A snapshot without layers draws the
/// frame and says that it waits.
void draw_depth_plot(Canvas& canvas, const SignalSnapshot& snapshot, const DepthPlot& plot,
                     const PlotSelection& selection, const PlotPlace& place);

/// The axes of a plot in this place.
ChartFrame depth_frame(const SignalSnapshot& snapshot, const Style& style, const DepthPlot& plot,
                       const PlotPlace& place);

/// What the plot says of the layer under the pointer, or nothing outside of the plot area.
std::optional<PlotReading> read_depth_plot(const SignalSnapshot& snapshot, const Style& style,
                                           const DepthPlot& plot, const PlotPlace& place,
                                           ImVec2 pointer);

/// About how high the plot area of a plot of `height` is whose legend takes one line; pixels.
float area_height(const Style& style, float height);

/// Marks stand on every layer where there is room, else on every second, fifth, tenth, ...
int mark_stride(const DepthCanvas& canvas);

/// A line of the style's width in a colour, with its mark and the dashes of its prediction.
Stroke depth_stroke(const ImVec4& color, Mark mark, Dash dash = {0, 0});

/// As the pass before a drag is drawn in every plot, and what the plot's foot says of it.
Stroke ghost_stroke(const Style& style);
LegendEntry ghost_entry(const OtherPass& ghost, const Style& style);

/// The number on the axis of the first layer: 0 if that is the input layer, else 1.
int first_layer_number(const SignalSnapshot& snapshot);
/// The number of the last layer that a pass beside the view's own has; 0 without one.
int last_layer_beside(const SignalView& view);

}  // namespace nanscope
