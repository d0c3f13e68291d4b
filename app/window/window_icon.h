#pragma once

struct GLFWwindow;

namespace nanscope {

/// Gives the window its icon: a curve that leaves the chart.
void set_window_icon(GLFWwindow* window);

}  // namespace nanscope
