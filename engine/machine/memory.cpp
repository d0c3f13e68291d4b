#include "engine/machine/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace nanscope {
namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
/// Left to the window, to LibTorch's own buffers and to the rest of the machine.
constexpr std::int64_t kRoom = std::int64_t{512} << 20;

std::int64_t mem_available() {
  std::ifstream file("/proc/meminfo");
  std::string key, unit;
  std::int64_t kib = 0;
  while (file >> key >> kib && std::getline(file, unit))
    if (key == "MemAvailable:") return kib * 1024;
  return 0;
}

/// What the control group (a container's limit) has left; without a limit, the largest number.
std::int64_t control_group_left() {
  std::int64_t limit = 0, used = 0;
  std::ifstream limit_file("/sys/fs/cgroup/memory.max");
  std::ifstream used_file("/sys/fs/cgroup/memory.current");
  if (!(limit_file >> limit) || !(used_file >> used))
    return std::numeric_limits<std::int64_t>::max();
  return std::max<std::int64_t>(limit - used, 0);
}

}  // namespace

std::int64_t available_memory() { return std::min(mem_available(), control_group_left()); }

Result<void> check_memory(const Experiment& experiment, std::int64_t needed,
                          std::int64_t available) {
  if (available == 0 || needed + kRoom <= available) return {};
  const Model& model = experiment.network.model;
  return work_error(
      "memory",
      fmt::format(
          "{:.1f} GiB are needed for depth {}, width {}, batch {}{}, but only {:.1f} GiB are "
          "available; reduce {}.",
          static_cast<double>(needed) / kGiB, model.depth, model.width, experiment.data.batch,
          experiment.network.networks > 1
              ? fmt::format(", networks {}", experiment.network.networks)
              : "",
          static_cast<double>(std::max<std::int64_t>(available - kRoom, 0)) / kGiB,
          experiment.network.networks > 1       ? "networks, width or depth"
          : experiment.data.batch > model.width ? "batch, width or depth"
                                                : "width or depth"));
}

}  // namespace nanscope
