#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/roundoff/chart.h"
#include "ui/export/figure.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

namespace nanscope {

/// The view's plots: bits and number line, ranges, or an experiment's chart. Nothing while the
/// chart is not the one of the experiment.
std::optional<Figure> numbers_figure(const Experiment& experiment,
                                     const std::shared_ptr<const RoundoffChart>& chart);

/// The names of all views' plots.
std::vector<std::string_view> numbers_plot_names();

/// Whether the chart is one of the experiment's view.
bool shows(const Experiment& experiment, const RoundoffChart* chart);

/// What stands above the view's plots.
std::string numbers_sentence(const Experiment& experiment, const RoundoffChart* chart);

/// What the lab shows in words: the view, the formats, the rounding.
std::string describe_numbers(const Experiment& experiment);

}  // namespace nanscope
