#pragma once

#include <optional>
#include <vector>

#include "ui/labs/signal/plots/depth_plot.h"
#include "ui/labs/signal/plots/histogram_data.h"

// Another pass' magnitudes in the heatmap: the outline of the cells that they fill.
namespace nanscope {

/// A cell is in the outline from this share of the layer's values on.
inline constexpr double kOutlinedShare = 1e-3;

/// As B's outlines are drawn, in the colour of its main curves.
Stroke outline_stroke_of_b(const Style& style);

/// A row of the heatmap: a binade, or values without a magnitude.
struct HeatRow {
  double low = 0, high = 0;
  int exponent = 0;                           ///< of a binade
  std::optional<SpecialRow::Kind> kind = {};  ///< of values without a magnitude
};
/// All rows, from the lowest to the highest.
std::vector<HeatRow> heat_rows(const HistogramAxis& axis);

/// The share of a layer's values that a row holds.
double share_in(const SignalSnapshot& pass, std::size_t layer, const HeatRow& row);

/// A level or an upright line, in the units of the axes.
struct OutlineEdge {
  double x0 = 0, y0 = 0, x1 = 0, y1 = 0;
};
/// The edges of what a pass' cells fill.
std::vector<OutlineEdge> outline_edges(const SignalSnapshot& pass, const HistogramAxis& axis);

/// Draws them, set off from the cells below.
void draw_outline(const DepthCanvas& canvas, const SignalSnapshot& pass, const HistogramAxis& axis,
                  const Stroke& stroke);
/// The upper edge over the layers in pixels, NaN where nothing is filled.
std::vector<ImVec2> outline_top(const DepthCanvas& canvas, const SignalSnapshot& pass,
                                const HistogramAxis& axis);

}  // namespace nanscope
