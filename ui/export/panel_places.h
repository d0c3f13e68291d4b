#pragma once

#include <span>
#include <vector>

#include "ui/export/figure.h"

namespace nanscope {

/// Where a plot's panel is, in pixels.
struct PanelPlace {
  const FigurePlot* plot = nullptr;
  ImVec2 at, size;
};

/// What the places depend on beside the area, in pixels.
struct PanelMeasures {
  float em = 16;      ///< height of body text
  float gap = 12;     ///< between panels
  float padding = 8;  ///< between a panel's edge and its plot, above and below
};

/// Fills the area with a panel for each of these plots of the figure: in a window and on a slide.
std::vector<PanelPlace> place_panels(const Figure& figure, std::span<const FigurePlot* const> plots,
                                     const PanelMeasures& measures, ImVec2 at, ImVec2 area);

}  // namespace nanscope
