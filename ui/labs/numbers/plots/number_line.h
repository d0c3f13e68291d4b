#pragma once

#include <memory>
#include <optional>

#include "ui/charts/plot.h"
#include "ui/labs/numbers/plots/number_bits_data.h"

// The typed number among the values that each format has near it: a lane a format.
namespace nanscope {

/// How much of the number line is seen.
struct NumberLineRange {
  double narrowest = 0;  ///< a few steps of the finest format
  double natural = 1;    ///< shows the neighbours of the coarsest format
  double widest = 1;     ///< shows zero
};

NumberLineRange number_line_range(const NumberBits& number);

/// How far a person can zoom it, as shares of what is natural.
ZoomReach number_line_reach(const NumberBits& number);

/// The height that the lanes need at least.
float number_line_height(const NumberBits& number, const Style& style);

/// The typed number among each format's values. Reads the value of the pointer's lane that is
/// nearest to it: exactly, with its neighbours, the gaps to them and how far it is from the typed
/// number.
Plot number_line(std::shared_ptr<const NumberBits> number);

std::optional<PlotReading> read_number_line(const NumberBits& number, const Style& style,
                                            const PlotPlace& place, ImVec2 pointer);

/// A value with as many digits as tell it from its neighbours `step` away.
std::string digits_text(double value, double step);

}  // namespace nanscope
