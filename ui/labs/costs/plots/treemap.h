#pragma once

#include <memory>
#include <span>
#include <vector>

#include "ui/charts/labels.h"
#include "ui/labs/costs/plots/stacked_bars.h"

namespace nanscope {

/// The same bars as areas: a rectangle a bar, the largest first, and in it one for each part. What
/// is read there has the bar's index.
Plot treemap_plot(std::shared_ptr<const StackedBars> bars);

/// Rectangles whose areas are as the sizes, which fall, as nearly square as they can be (Bruls,
/// Huizing and van Wijk 2000, "Squarified Treemaps"). What has no size has no area.
std::vector<LabelBox> squarified(std::span<const double> sizes, LabelBox area);

}  // namespace nanscope
