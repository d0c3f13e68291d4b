#pragma once

#include <cstddef>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/roundoff/chart.h"

// For engine/roundoff/*.cpp: what several experiments build their charts from.
namespace nanscope {

/// A number that an experiment did not come to: charts and tables leave it out.
inline constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// A chart with the experiment's name and axes "roundoff.axis.X".
RoundoffChart empty_chart(std::string_view experiment, ChartAxis x, ChartAxis y);

/// "roundoff.axis.NAME".
ChartAxis chart_axis(std::string_view name, int log_base = 0, std::string unit = "");

/// "roundoff.NAME".
std::string roundoff_key(std::string_view name);

/// A curve without points that a formula will give.
ChartCurve predicted_curve(std::string_view format, std::string_view label, std::string formula);

/// The table's columns, "roundoff.column.NAME" each: {"length", ""}.
struct ColumnName {
  std::string_view name;
  std::string_view unit = "";
};
void set_columns(RoundoffChart& chart, std::initializer_list<ColumnName> columns);
/// Cells in the order of the columns; as many.
void add_row(RoundoffChart& chart, std::initializer_list<ChartCell> cells);

/// Steps of 0..length at which a curve of that many steps is drawn: at most kMostPoints.
constexpr int kMostPoints = 400;
std::vector<int> drawn_steps(int length);

/// 2, 4, 8, ... up to `length`, and `length` itself.
std::vector<int> doubling_lengths(int length);

/// The error of an experiment that was asked to stop.
tl::unexpected<Error> roundoff_cancelled();

}  // namespace nanscope
