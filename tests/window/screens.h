#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness.h"

namespace nanscope {

/// Something to look at: a demo, or a view of a lab.
struct Screen {
  std::string name;
  Experiment experiment;
};

/// Every demo of the Signal lab, two settings side by side, every view of the other labs, and a
/// chain that LibTorch refuses.
const std::vector<Screen>& all_screens();

/// Shows it and waits until what is on the screen is of it; false after a minute.
bool show_screen(WindowHarness& window, ImGuiTestContext& person, const Screen& screen);

}  // namespace nanscope
