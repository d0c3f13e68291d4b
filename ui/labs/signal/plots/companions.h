#pragma once

#include <vector>

#include "ui/labs/signal/plots/signal_view.h"
#include "ui/labs/signal/plots/variance_data.h"

// The curves of other passes in a variance plot: B, and the ghost of what was before a drag.
namespace nanscope {

/// The curves of another pass, one for each of the plot's.
struct Companion {
  OtherPass of;
  std::vector<VarianceCurve> curves;   ///< as they are drawn
  std::vector<VariancePoints> points;  ///< one a layer of the other pass
  int first_layer = 1;                 ///< its number on the axis
};

/// Without curves if there is no such pass.
Companion companion_of(const OtherPass& other, const Style& style, const VariancePlot& plot);

/// The label stands where the pass ends.
void draw_ghost(const DepthCanvas& canvas, const Companion& ghost, bool backward);
void draw_other(const DepthCanvas& canvas, const Companion& other);
/// Says at the ends of the plot's main curves which is A and which is B.
void draw_ab(const DepthCanvas& canvas, const VariancePoints& a, const VarianceCurve& curve,
             const Companion& b, bool backward);

/// What the legend says of them.
std::vector<LegendEntry> companion_legend(const Companion& other, const Companion& ghost,
                                          const Style& style);
/// Their variances in the layer with this number on the axis.
void read_companions(PlotReading& reading, const Companion& other, const Companion& ghost,
                     int number);

}  // namespace nanscope
