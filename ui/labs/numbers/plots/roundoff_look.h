#pragma once

#include <string>
#include <vector>

#include "engine/roundoff/chart.h"
#include "ui/charts/legend.h"
#include "ui/charts/plot.h"

// How the chart of an experiment on rounding looks, and where its plots are: what drawing it and
// reading it out under the pointer have in common.
namespace nanscope {

/// What tells the curves and the bars of a chart apart.
class ChartLook {
 public:
  ChartLook(const RoundoffChart& chart, const Style& style);

  /// Whether colours tell formats apart; otherwise they tell methods apart.
  bool by_format() const { return formats_.size() > 1; }
  const std::vector<std::string>& formats() const { return formats_; }
  Stroke stroke(const ChartCurve& curve) const;
  Stroke stroke(const ChartBars& bars) const;
  ImVec4 color(const ChartMark& mark) const;

 private:
  ImVec4 series(std::size_t index) const;

  const Style& style_;
  std::vector<std::string> formats_, labels_;
};

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
