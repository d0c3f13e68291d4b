#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/labs/training/plots/run_plot.h"

// What runs are drawn over: where on it a step is, before which so many samples, FLOPs or seconds
// went.
namespace nanscope {

/// The view's, or steps where the run does not know it: what is drawn anew for every step has no
/// epochs.
RunAxis drawn_axis(const RunSummary& run, const ViewSpec& view);
inline RunAxis axis_of(const RunPicture& picture) { return drawn_axis(*picture.run, picture.view); }

/// The place of a step, also of one to come; NaN where the run does not know it.
double place_along(const RunSummary& run, RunAxis axis, double step);
std::vector<double> places_along(const RunSummary& run, RunAxis axis,
                                 std::span<const double> steps);

/// Where a run's axis ends: at its last step, so that nothing moves sideways while it goes on. Of
/// one that has just begun at a quarter of it, or a quarter of that, ...
double step_in_sight(const RunSummary& run);
/// From its first step, which of one that goes on from a checkpoint is no 0, to there; and as far
/// as the runs beside it.
std::vector<double> ends_along(const RunPicture& picture);
/// The x axis from there to there: of all plots of a run the same, with as many ticks as one of
/// this width has room for.
ScaledAxis axis_along(const RunPicture& picture, const Style& style, const PlotPlace& place,
                      float width);

/// Whether its places are counted.
constexpr bool is_whole(RunAxis axis) { return axis == RunAxis::step || axis == RunAxis::samples; }

/// "Loss by step": `what` is the plot's name.
std::string title_along(std::string_view plot, RunAxis axis);
/// "step", "samples": under the axis.
std::string axis_words(RunAxis axis);
/// "640 samples, step 10".
std::string place_words(RunAxis axis, double place, double step);

}  // namespace nanscope
