#pragma once

#include <span>
#include <string>
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

/// Whether each of the run's plots that is as wide has room for a note beside its title: where one
/// has none, neighbours say as little as it does.
bool have_room_beside_titles(const RunPicture& picture, const Style& style, const std::string& note,
                             float width);

/// What a plot of its layers or gradients says beside its title of how its numbers came about.
std::string note_within(const RunPicture& picture, const Style& style, float width);

/// Corners of a label of this size right and left of an upright line at `x` pixels, at `steps` + 1
/// heights from above to below.
std::vector<ImVec2> corners_beside(const Style& style, const ChartFrame& frame, float x,
                                   ImVec2 size, int steps);

}  // namespace nanscope
