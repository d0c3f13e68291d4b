#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/charts/chart_frame.h"
#include "ui/charts/labels.h"
#include "ui/charts/plot_reading.h"

namespace nanscope {

/// Where a plot is drawn, and what of it is seen.
struct PlotPlace {
  ImVec2 corner, size;  ///< pixels
  PlotZoom zoom = {};
  PlotZoom held = {};  ///< what axes that can be locked are locked to
  /// What is pinned lies there: what the drawing says of the pointer's place gives way to it.
  std::vector<LabelBox> pinned = {};
  bool pointed = true;  ///< the drawing says what the pointer reads, if it does that
};

/// A drawing of data that it holds: the same for the window, PNG and SVG.
struct Plot {
  std::string name;  ///< "forward_variance": the command line's and the file's name
  std::function<void(Canvas& canvas, const PlotPlace& place)> draw = {};
  /// Its axes; empty for a drawing that has none, such as a grid or a table, and is not zoomed.
  std::function<ChartFrame(const Style& style, const PlotPlace& place)> frame = {};
  /// What is drawn at a point, in words; or empty.
  std::function<std::optional<PlotReading>(const Style& style, const PlotPlace& place,
                                           ImVec2 pointer)>
      read = {};
  /// The pixel of a thing that a drag takes along; a click brings it to where it was made.
  std::function<ImVec2(const Style& style, const PlotPlace& place)> handle = {};
  bool cells = false;  ///< a heat map: what is drawn covers the plot area
  bool tells = false;  ///< what the pointer reads stands in the drawing: no tooltip says it again
  bool grows = false;  ///< there is more to come, which a zoomed plot may not show
};

}  // namespace nanscope
