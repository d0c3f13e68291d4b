#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ui/labs/training/plots/run_place.h"

// What a run's curves say of a step.
namespace nanscope {

struct RunReading {
  struct Value {
    const DrawnCurve* curve;
    double value;
  };
  double step = 0;                 ///< of all curves' the nearest one to where was asked
  std::vector<Value> values = {};  ///< of the curves that have that step, in their order
};
/// Nothing where no curve has a step.
std::optional<RunReading> read_curves(std::span<const DrawnCurve> curves, double wanted);

/// A value as the quantity's axis spells it.
std::string value_words(const RunQuantity& quantity, double value);

/// Marks the step with a line and on each curve a ring, and says the values in a plate beside it,
/// as many as there is room for.
void draw_reading(Canvas& canvas, const RunPlace& placed, const RunQuantity& quantity, double step,
                  LabelPlaces& places);

}  // namespace nanscope
