#pragma once

#include <string_view>

#include "ui/charts/interactive_charts.h"
#include "ui/labs/lab.h"

namespace nanscope {

/// What the menu of every plot has below what is copied, pinned and zoomed there: locking the axes,
/// exporting the plot and its data, and seeing it alone where the lab has that.
void draw_plot_menu(const Lab& lab, std::string_view plot, const LabView& view, ViewSpec& looked,
                    InteractiveCharts& charts, LabRequests& requests);

}  // namespace nanscope
