#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/roundoff/roundoff.h"

// What tests ask of a chart.
namespace nanscope::testing {

inline RoundoffSettings defaults_of(std::string_view experiment) {
  return find_roundoff_experiment(experiment)->defaults;
}

inline RoundoffChart run(std::string_view experiment, const RoundoffSettings& settings) {
  auto chart = run_roundoff(experiment, settings);
  EXPECT_TRUE(chart) << experiment << ": " << (chart ? "" : to_string(chart.error()));
  return chart.value_or(RoundoffChart{});
}

inline double fact(const RoundoffChart& chart, std::string_view name) {
  const ChartCell* cell = chart.fact(name);
  EXPECT_TRUE(cell) << chart.experiment << " has no fact " << name;
  return cell ? std::get<double>(*cell) : 0;
}

inline const ChartColumn& column(const RoundoffChart& chart, std::string_view name) {
  for (const ChartColumn& candidate : chart.table)
    if (candidate.key == "roundoff.column." + std::string(name)) return candidate;
  ADD_FAILURE() << chart.experiment << " has no column " << name;
  return chart.table.front();
}

/// A number of the row whose first cells are `keys` ("fp16", "roundoff.kahan").
inline double cell(const RoundoffChart& chart, const std::vector<std::string>& keys,
                   std::string_view name) {
  const ChartColumn& wanted = column(chart, name);
  for (std::size_t row = 0; row < wanted.cells.size(); ++row) {
    bool matches = true;
    for (std::size_t i = 0; i < keys.size(); ++i)
      matches = matches && chart.table[i].cells[row] == ChartCell(keys[i]);
    if (matches) return std::get<double>(wanted.cells[row]);
  }
  ADD_FAILURE() << chart.experiment << " has no row " << keys.front();
  return 0;
}

inline const ChartCurve& curve(const RoundoffChart& chart, std::string_view format,
                               std::string_view label, bool predicted = false) {
  for (const ChartCurve& candidate : chart.curves)
    if (candidate.format == format && candidate.label == "roundoff." + std::string(label) &&
        (candidate.evidence == Evidence::predicted) == predicted)
      return candidate;
  ADD_FAILURE() << chart.experiment << " has no curve " << format << ' ' << label;
  return chart.curves.front();
}

}  // namespace nanscope::testing
