#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ui/canvas/canvas.h"
#include "ui/text/text.h"

namespace nanscope {

/// Names in the first column, right-aligned numbers in the others.
struct ReadingTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

/// A number that a plot says: what two readings are compared by.
struct ReadingValue {
  std::string name;
  double value = NAN;
  double place = NAN;  ///< where it is drawn, in the units of the y axis; NaN: nowhere
  /// As its axis spells it.
  std::function<std::string(double)> words = [](double number) { return number_text(number); };
};

/// What a plot says of the place under the pointer.
struct PlotReading {
  ImVec2 at;  ///< the point that is read out, pixels
  std::vector<std::string> lines;
  ReadingTable table = {};
  std::vector<ReadingValue> values = {};
  std::optional<int> index = {};  ///< which of the things along the x axis it is: a layer
  std::optional<double> x = {};   ///< the place on the x axis that other plots mark
  /// What it says of passes beside the plot's own, below the table: a pin's follows these passes,
  /// while the rest of it stays.
  std::vector<std::vector<std::string>> rows_beside = {};
  std::vector<ReadingValue> values_beside = {};
  std::size_t of_before = 0;  ///< how many of these, the last ones, are of the pass before a change
  bool on_drawn = true;       ///< false: `at` is the pointer's place, where nothing is drawn
};

/// A reading's own numbers and those of passes beside.
std::vector<ReadingValue> all_values(const PlotReading& reading);
/// Its own rows and those of passes beside.
std::vector<std::vector<std::string>> all_rows(const PlotReading& reading);

/// Where a reading may stand in a chart.
struct ReadingRoom {
  ImVec2 low, high;  ///< the chart's head, from its upper edge to its plot area's; pixels
  /// A place for words of this size that covers nothing, or nothing but cells, if there is one.
  std::function<std::optional<ImVec2>(ImVec2 extent, bool on_cells)> free = {};
  /// The row of its table that is drawn nearest to the pointer: what is said where no more has
  /// room.
  std::optional<std::size_t> nearest = {};
};

/// Rings the point, if something is drawn there, and shows the lines, with a note below them: where
/// they cover nothing, with less of the table or beside one another where that helps, else what is
/// nearest to the pointer over the lower end of the chart's head, where it covers no curve; beside
/// the pointer where the chart has little more than its plot area.
void show_reading(const PlotReading& reading, const Style& style, const ReadingRoom& room,
                  const std::string& note = "");

}  // namespace nanscope
