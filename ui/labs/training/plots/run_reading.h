#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ui/charts/plot_reading.h"
#include "ui/labs/training/plots/run_place.h"

// What a run's curves say of a place on the x axis.
namespace nanscope {

struct RunReading {
  struct Value {
    const DrawnCurve* curve;
    double value, step;
    std::optional<OfNetworks> networks = {};  ///< whose median it is
  };
  double x = 0;                    ///< of all curves' places the nearest one to where was asked
  std::vector<Value> values = {};  ///< of the curves that have a step there, in their order
};
/// Nothing where there is no curve.
std::optional<RunReading> read_curves(std::span<const DrawnCurve> curves, double wanted);

/// Puts the point of a reading on that of its values which is nearest to the pointer; on nothing
/// where none has a place on the axis.
void point_at_nearest(PlotReading& reading, const ChartFrame& frame, ImVec2 pointer);

/// A value as the quantity's axis spells it.
std::string value_words(const RunQuantity& quantity, double value);
/// The same, and of several networks from where to where they are: "0.3 (0.2 to 0.5)".
std::string value_words(const RunQuantity& quantity, const RunReading::Value& value);

/// Marks a place on the x axis with a line and on each curve a ring, and says the values in a plate
/// where it hides no curve, as many as there is room for. Where there is none: what is to be said
/// above the plot.
std::string draw_reading(Canvas& canvas, const RunPlace& placed, const RunQuantity& quantity,
                         RunAxis axis, double x, LabelPlaces& places);
/// Whether the row above the plot area has room for an axis' name and for words at its right end.
bool have_room_above(const Style& style, const ChartFrame& frame, const std::string& axis_name,
                     const std::string& words);
/// The row above the plot area: the name of the axis and, at the right end, what is read; where
/// there is no room for both, the latter.
void draw_row_above(Canvas& canvas, const ChartFrame& frame, const std::string& axis_name,
                    const std::string& read);

}  // namespace nanscope
