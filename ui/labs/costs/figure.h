#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ui/export/figure.h"
#include "ui/labs/costs/picture.h"

namespace nanscope {

/// What the view shows, for the window and for pictures; nothing while its answers are not there.
std::optional<Figure> costs_figure(const Experiment& experiment,
                                   std::shared_ptr<const CostsPicture> picture);

std::vector<std::string_view> costs_plot_names();
/// The view that a plot belongs to.
CostsView view_of_plot(std::string_view plot);

}  // namespace nanscope
