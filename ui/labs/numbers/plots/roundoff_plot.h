#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/roundoff/chart.h"
#include "ui/canvas/canvas.h"
#include "ui/charts/plot.h"

// One drawing for every experiment on rounding: curves, histograms, table, the sentence.
namespace nanscope {

/// Formats differ by colour and mark, methods by dashes; with a single format methods differ by
/// colour and mark. What a formula says is thin and dotted.
Plot roundoff_curves(std::shared_ptr<const RoundoffChart> chart);
Plot roundoff_histogram(std::shared_ptr<const RoundoffChart> chart);
void draw_roundoff_table(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner, ImVec2 size);
/// The cell of the table under the pointer.
std::optional<PlotReading> read_roundoff_table(const RoundoffChart& chart, const Style& style,
                                               const PlotPlace& place, ImVec2 pointer);
/// The height of the whole table in heights of body text.
float roundoff_table_height(const RoundoffChart& chart);

/// What the curves say under the pointer: the nearest point's curve, x and y, and the curves that
/// have the same point; or the nearest marked place. Nothing where none is near.
std::optional<PlotReading> read_roundoff_curves(const RoundoffChart& chart, const Style& style,
                                                const PlotPlace& place, ImVec2 pointer);
/// What the histograms say under the pointer: the bin and each histogram's share of it.
std::optional<PlotReading> read_roundoff_histogram(const RoundoffChart& chart, const Style& style,
                                                   const PlotPlace& place, ImVec2 pointer);

/// The headline with its facts put in. A fact x is also there as {x_percent}.
std::string roundoff_sentence(const RoundoffChart& chart);

/// A number or a text of the chart, as people read it.
std::string cell_words(const ChartCell& cell, const std::string& unit);

/// A number with the fewest digits that read back as the same double, and its unit.
std::string exact_words(double value, const std::string& unit);

/// "fp16, plain, emulated": a curve's name in full.
std::string curve_words(const ChartCurve& curve);

}  // namespace nanscope
