#pragma once

#include <optional>
#include <string>

#include "engine/roundoff/chart.h"
#include "ui/plots/canvas.h"

// One drawing for every experiment on rounding: curves, histograms, table, the sentence.
namespace nanscope {

/// Formats differ by colour and mark, methods by dashes; what a formula says is thin and dotted.
/// `pointer`: the nearest point is read out.
void draw_roundoff_curves(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner, ImVec2 size,
                          const std::optional<ImVec2>& pointer = {});

void draw_roundoff_histogram(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner,
                             ImVec2 size);

void draw_roundoff_table(Canvas& canvas, const RoundoffChart& chart, ImVec2 corner, ImVec2 size);
/// The height of the whole table.
float roundoff_table_height(const RoundoffChart& chart, const Style& style);

/// The headline with its facts put in. A fact x is also there as {x_percent}.
std::string roundoff_sentence(const RoundoffChart& chart);

/// A number or a text of the chart, as people read it.
std::string cell_words(const ChartCell& cell, const std::string& unit);

/// "fp16: plain, emulated": a curve's name in full.
std::string curve_words(const ChartCurve& curve);

}  // namespace nanscope
