#pragma once

#include <memory>
#include <vector>

#include "ui/charts/plot.h"
#include "ui/labs/costs/picture.h"

namespace nanscope {

/// FLOP/s against FLOPs a byte, both in powers of ten: the roofs of the machine or the device that
/// the settings name, the ridge of the one that the run computes in, and the step's operations:
/// where they were measured, or, as rings, what they could reach at most. A reading's index is a
/// moment's.
Plot roofline_plot(std::shared_ptr<const CostsPicture> picture);

/// An operation in it.
struct RooflineMark {
  std::size_t row = 0;  ///< of the timeline
  double intensity = 0;
  double flop_per_second = 0;
  bool measured = false;
};
std::vector<RooflineMark> roofline_marks(const CostsPicture& picture);

}  // namespace nanscope
