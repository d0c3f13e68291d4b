#pragma once

#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/costs/devices.h"
#include "engine/experiment/costs.h"

// The lab's keys and the options of `nanscope cost` are the same settings.
namespace nanscope {

/// An error of an option ("--zero") as one of the lab's key ("costs.zero"); of anything else as one
/// of `otherwise`.
Error of_lab(Error error, const std::string& otherwise);

/// The device with the peak that the lab sets; nothing where it names none.
Result<std::optional<DeviceSheet>> device_of_lab(const Costs& costs);

}  // namespace nanscope
