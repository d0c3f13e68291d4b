#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ui/charts/interactive_charts.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// What was pointed at among the plots of a figure.
struct DrawnCards {
  std::string pointed;                 ///< the plot under the pointer, or ""
  std::optional<PlotReading> reading;  ///< what it says there
  std::string clicked;                 ///< the plot that was clicked, or ""
  bool click_taken_back = false;       ///< the click before began a double click
  std::optional<ChartPoint> moved_to;  ///< where the handle of one was brought
  std::vector<std::string> plots;      ///< that are seen: some give way to others
};

/// The plots of a stacked figure in cards that fill the rest of the window, or the one that the
/// view shows alone: each with its gestures, its menu and what the pointer reads out of it. In the
/// view's style, or in another one.
DrawnCards draw_figure_cards(const Lab& lab, const Figure& figure, const LabView& view,
                             ViewSpec& looked, InteractiveCharts& charts, LabRequests& requests,
                             const Style* style = nullptr);

}  // namespace nanscope
