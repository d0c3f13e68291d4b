#pragma once

#include <span>
#include <vector>

#include "ui/charts/labels.h"
#include "ui/charts/legend.h"
#include "ui/labs/training/plots/run_curves.h"

namespace nanscope {

/// A run's plot within its place.
struct RunPlace {
  std::vector<DrawnCurve> curves;
  std::vector<LegendEntry> legend;
  float title = 0;  ///< its height
  ChartFrame frame;

  LabelBox area() const { return {frame.low, frame.high}; }
  /// Places for labels, beside what was drawn through these points where they can be.
  LabelPlaces label_places(float apart, std::span<const std::vector<ImVec2>> lines) const;
};

RunPlace place_run(const RunPicture& picture, const RunQuantity& quantity, const Style& style,
                   const PlotPlace& place);

/// Corners of a label of this size right and left of an upright line at `x` pixels, at `steps` + 1
/// heights from above to below.
std::vector<ImVec2> corners_beside(const Style& style, const ChartFrame& frame, float x,
                                   ImVec2 size, int steps);

}  // namespace nanscope
