#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/charts/axis.h"
#include "ui/charts/legend.h"
#include "ui/labs/signal/plots/signal_plots.h"

// The frame that all plots over depth share: head, axes, guide lines, tooltip, empty state.
namespace nanscope {

/// The drawing area while a plot is open.
struct DepthCanvas {
  const SignalSnapshot& snapshot;
  const Style& style;
  ImDrawList& list;
  ImVec2 low, high;   ///< corners of the plot area, pixels
  float layer_width;  ///< pixels from one layer to the next

  /// The point of a layer (index, fractions between layers) at `y` in the axis' units.
  ImVec2 at(double layer, double y) const;
};

/// Names in the first column, right-aligned numbers in the others.
struct TooltipTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

struct DepthPlot {
  const char* id = "";
  std::string title;
  std::vector<LegendEntry> legend;
  const char* y_label = "";
  Limits y;
  Ticks y_ticks;
  /// Said in the middle of the plot when there are layers but nothing to draw; may be empty.
  std::string note;
  std::function<void(const DepthCanvas&)> draw;
  /// For the layer under the pointer, which stands at `y`.
  std::function<TooltipTable(int layer, double y)> tooltip;
};

/// Draws a plot into a rectangle of `size` at the cursor.
void draw_depth_plot(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
                     PlotSelection& selection, const DepthPlot& plot);

/// About how high the axis below a plot is, and the plot area of a plot of `height` whose legend
/// takes one line; logical pixels.
float axis_height(const Style& style);
float area_height(const Style& style, float height);
/// How many labels have room along the left side of a plot of `height`.
double most_labels(const Style& style, float height);

/// Marks stand on every layer where there is room, else on every second, fifth, tenth, ...
int mark_stride(const DepthCanvas& canvas);

/// The number on the axis of the first layer: 0 if that is the input layer, else 1.
int first_layer_number(const SignalSnapshot& snapshot);

}  // namespace nanscope
