#include "engine/roundoff/chart_parts.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace nanscope {

RoundoffChart empty_chart(std::string_view experiment, ChartAxis x, ChartAxis y) {
  RoundoffChart chart;
  chart.experiment = experiment;
  chart.x = std::move(x);
  chart.y = std::move(y);
  return chart;
}

ChartAxis chart_axis(std::string_view name, int log_base, std::string unit) {
  return {roundoff_key("axis.") + std::string(name), std::move(unit), log_base};
}

std::string roundoff_key(std::string_view name) { return "roundoff." + std::string(name); }

ChartCurve predicted_curve(std::string_view format, std::string_view label, std::string formula) {
  return {
      std::string(format), roundoff_key(label), Evidence::predicted, std::move(formula), {}, {}};
}

void set_columns(RoundoffChart& chart, std::initializer_list<ColumnName> columns) {
  chart.table.clear();
  for (const ColumnName& column : columns)
    chart.table.push_back(
        {roundoff_key("column.") + std::string(column.name), std::string(column.unit), {}});
}

void add_row(RoundoffChart& chart, std::initializer_list<ChartCell> cells) {
  auto column = chart.table.begin();
  for (const ChartCell& cell : cells) (column++)->cells.push_back(cell);
}

std::vector<int> drawn_steps(int length) {
  const int points = std::min(length, kMostPoints);
  std::vector<int> steps{0};
  for (int i = 1; i <= points; ++i)
    steps.push_back(static_cast<int>(std::int64_t{length} * i / points));
  return steps;
}

std::vector<int> doubling_lengths(int length) {
  std::vector<int> lengths;
  for (int n = 2; n < length; n *= 2) lengths.push_back(n);
  lengths.push_back(length);
  return lengths;
}

tl::unexpected<Error> roundoff_cancelled() { return cancelled_error(); }

}  // namespace nanscope
