#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/charts/plot.h"

// Readings that stay: what a chart said when it was pinned, also after the chart has changed, so
// that before and after can be compared as well as two places. What it said of passes beside the
// chart's own follows these, and is gone with them.
namespace nanscope {

struct PinnedReading {
  double x = 0, y = 0;  ///< where, in the units of the axes
  PlotReading reading;
};

/// Two at most: a third one takes the place of the first.
using Pins = std::vector<PinnedReading>;

/// Pins a reading of a chart, or takes away the pin that is there already. False where nothing is
/// drawn that could be pinned.
bool toggle_pin(Pins& pins, const ChartFrame& frame, const PlotReading& reading);

/// The pin at a point of the chart, or null.
const PinnedReading* pin_at(const Pins& pins, const ChartFrame& frame, ImVec2 pixel);

/// What the pins say of passes beside the plot's own becomes what the plot says of them now.
void follow_passes_beside(Pins& pins, const Plot& plot, const Style& style, const PlotPlace& place);

/// A number of two readings side by side.
struct Comparison {
  std::string name;
  double first = 0, second = 0;
  std::function<std::string(double)> words = {};

  double difference() const { return second - first; }
  double ratio() const { return second / first; }
};
/// The numbers that both readings have: by their names, or by their order where no name is the
/// same.
std::vector<Comparison> compare(const PlotReading& first, const PlotReading& second);

/// A reading as text: its lines, and its table separated by tabs.
std::string reading_text(const PlotReading& reading);
/// What the pins say as text: a reading, or two of them compared.
std::string pins_text(const Pins& pins);

/// Marks the pinned places 1 and 2, and says in a plate what was read there, and of two how far
/// they are apart. The plate lies in a corner of the plot area, within the chart's place.
void draw_pins(Canvas& canvas, const ChartFrame& frame, const Pins& pins, const PlotPlace& place);

}  // namespace nanscope
