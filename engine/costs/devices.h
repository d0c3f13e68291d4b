#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/experiment/network.h"

namespace nanscope {

/// A processor by its datasheet: dense peaks, never those with sparsity.
struct DeviceSheet {
  std::string name = {};                               ///< "h100-sxm"
  std::string title = {};                              ///< "NVIDIA H100 SXM"
  std::map<std::string, double> flop_per_second = {};  ///< by "fp32", "tf32", "fp16", "bf16", "fp8"
  double bytes = 0;                                    ///< memory: GB of the datasheet are 1e9
  double bytes_per_second = 0;                         ///< to and from it
  std::optional<double> watts = {};                    ///< the most that it is built for
  std::string source = {};
};

/// assets/devices.json, and before it the file of the user's own, if there is one:
/// $NANSCOPE_DEVICES, in the same form. Errors: a file that cannot be read or that says something
/// impossible.
Result<std::vector<DeviceSheet>> load_devices();

/// Errors: an unknown name, with the nearest; it is never guessed.
Result<DeviceSheet> find_device(const std::vector<DeviceSheet>& devices, const std::string& name);

/// Which of a device's peaks is a precision's: bf16 for mixed_bf16, fp8 for e4m3.
std::string peak_name(Precision precision);
/// FLOP/s at this precision. Errors: the device has no such peak.
Result<double> peak_of(const DeviceSheet& device, Precision precision);

}  // namespace nanscope
