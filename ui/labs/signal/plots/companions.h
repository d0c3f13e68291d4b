#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/charts/labels.h"
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

void draw_ghost(const DepthCanvas& canvas, const Companion& ghost);
void draw_other(const DepthCanvas& canvas, const Companion& other);
/// The pixels of another pass' curves.
std::vector<std::vector<ImVec2>> companion_lines(const DepthCanvas& canvas,
                                                 const Companion& companion);

/// Says at a line's end, or along it, which one it is; the last of its points is the pass' last.
void label_line(const DepthCanvas& canvas, std::span<const ImVec2> line, const std::string& words,
                const ImVec4& color, LabelPlaces& places);

/// "A z": a curve's name where the legend has little room; `key` of A's or B's.
std::string brief_words(const char* key, const VarianceCurve& curve);
/// What the legend says of B, in a row of its own.
std::vector<LegendEntry> companion_legend(const Companion& other);
/// Their variances in the layer with this number on the axis.
void read_companions(PlotReading& reading, const Companion& other, const Companion& ghost,
                     int number);

}  // namespace nanscope
