#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/charts/stroke.h"
#include "ui/labs/training/plots/run_plot.h"

// The curves of a run and of those beside it, as a plot has them.
namespace nanscope {

/// A curve with its look: one of the quantity's that the run has, or the first of a run beside it.
struct DrawnCurve {
  const RunCurve* curve;
  std::string words;
  Stroke stroke;
  std::span<const double> x = {}, y = {}, steps = {};  ///< x: where the steps are on the axis
  bool beside = false;
  std::vector<double> smooth = {};                         ///< y smoothed; empty: as it is
  std::shared_ptr<const std::vector<double>> places = {};  ///< what holds x where it is no step
};

std::vector<DrawnCurve> drawn_curves(const RunPicture& picture, const RunQuantity& quantity,
                                     const Style& style);

/// The smallest and the largest value that an axis has a place for; nothing where none has one.
std::vector<double> ends_of(std::span<const DrawnCurve> curves, int log_base);

/// The mean of the values so far in which each step's share falls by `kept` a step, as
/// m_t = kept m_(t-1) + (1 - kept) y_t, divided by 1 - kept^t as in Adam. Passes over what is not
/// finite.
std::vector<double> smoothed(std::span<const double> y, double kept);

}  // namespace nanscope
