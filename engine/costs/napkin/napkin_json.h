#pragma once

#include <string>

#include "engine/costs/napkin/napkin.h"

namespace nanscope {

/// Schema nanscope.napkin/1: every line's value by its key, the first one's formula, all lines, and
/// the same as Python.
std::string napkin_to_json(const NapkinRequest& request, const std::vector<FormulaLine>& lines,
                           const std::vector<NapkinConvention>& conventions);

/// Schema nanscope.devices/1: the table, with ridge points.
std::string devices_to_json(const std::vector<DeviceSheet>& devices);

}  // namespace nanscope
