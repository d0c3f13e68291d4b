#pragma once

#include <string>
#include <vector>

#include "ui/canvas/ink.h"

namespace nanscope {

/// What stands before a legend's text.
enum class Sample {
  measured,   ///< solid line with its mark
  both,       ///< the same, and the dashes of its prediction
  predicted,  ///< dashes on the tint of the band
  band,       ///< a tinted field
  colors,     ///< the colour scale of a heatmap, low to high
};

struct LegendEntry {
  Sample sample = Sample::measured;
  std::string label;
  ImVec4 color;
  Mark mark = Mark::circle;
  bool present = true;  ///< false: nothing to see of it in this pass; drawn pale
  Dash dash;
};

/// A plot's head: its title, on the right what kind of numbers it shows, below the legend, wrapped
/// to the width. Never covers data. Moves the cursor below itself.
void draw_plot_head(const Style& style, float width, const std::string& title,
                    const std::string& note, const std::vector<LegendEntry>& legend);

/// The colour of a share of values in heatmaps, 0..1 along a perceptually even scale: pale to dark
/// on light grounds, dark to bright on dark ones.
ImVec4 heat_color(const Style& style, float position);

}  // namespace nanscope
