#pragma once

#include <string>
#include <vector>

#include "engine/roundoff/chart.h"
#include "ui/charts/format_look.h"
#include "ui/charts/legend.h"
#include "ui/charts/plot.h"

// How the chart of an experiment on rounding looks, and where its plots are: what drawing it and
// reading it out under the pointer have in common.
namespace nanscope {

/// What tells the curves and the bars of a chart apart.
class ChartLook {
 public:
  ChartLook(const RoundoffChart& chart, const Style& style);

  /// Whether there are several formats, which colours and marks tell apart; otherwise marks, dashes
  /// and shades tell methods apart, beside the format's own colour.
  bool by_format() const { return formats_.size() > 1; }
  const std::vector<std::string>& formats() const { return formats_; }
  Stroke stroke(const ChartCurve& curve) const;
  Stroke stroke(const ChartBars& bars) const;
  ImVec4 color(const ChartMark& mark) const;

 private:
  /// The colour that a method has in a chart of one format, or of none.
  ImVec4 method_color(std::size_t label) const;
  const Stroke& of_format(const std::string& format) const;

  const Style& style_;
  std::vector<std::string> formats_, labels_;
  std::vector<Stroke> strokes_;  ///< of the formats
};

/// How far each curve is drawn from its place, in pixels: computed curves that lie on one another
/// are drawn beside one another, so that each is seen, but at most a line's width from their
/// values.
std::vector<ImVec2> side_by_side(const RoundoffChart& chart, const ChartFrame& frame,
                                 const Style& style);

/// A plot of a chart: the legend above, and the frame that the values are in.
struct ChartPlace {
  std::vector<LegendEntry> legend;
  ChartFrame frame;
  std::string x_name, y_name;
};

ChartPlace place_curves(const RoundoffChart& chart, const ChartLook& look, const Style& style,
                        const PlotPlace& place);
ChartPlace place_histogram(const RoundoffChart& chart, const ChartLook& look, const Style& style,
                           const PlotPlace& place);

/// "fp16 largest 65504".
std::string mark_words(const ChartMark& mark);

}  // namespace nanscope
