#pragma once

#include <memory>

#include "engine/costs/measured/calibration.h"
#include "ui/charts/plot.h"

namespace nanscope {

/// FLOP/s of matrix products against their size, a curve for each type of numbers. Measured.
Plot calibration_plot(std::shared_ptr<const Calibration> calibration);

}  // namespace nanscope
