#pragma once

#include <string>

#include "app/window/window.h"

namespace nanscope {

/// Opens the window; without a display says so and draws the lab and each of its plots into
/// STEM-PLOT.png in the current folder. The result is an exit status.
int show(const WindowOptions& options, const std::string& stem);

}  // namespace nanscope
