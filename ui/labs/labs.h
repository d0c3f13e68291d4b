#pragma once

#include <memory>
#include <vector>

#include "ui/labs/lab.h"

namespace nanscope {

/// Every lab in the order of the tabs.
std::vector<std::unique_ptr<Lab>> make_labs();

/// The lab with this name.
std::unique_ptr<Lab> make_lab(LabName name);

}  // namespace nanscope
