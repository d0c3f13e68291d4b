#include "engine/machine/memory.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

namespace nanscope {
namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
constexpr std::int64_t kLeftToOthers = std::int64_t{512} << 20;

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

std::int64_t resident_memory() {
  std::ifstream file("/proc/self/statm");
  std::int64_t pages = 0, resident = 0;
  if (!(file >> pages >> resident)) return 0;
  return resident * ::sysconf(_SC_PAGESIZE);
}

std::int64_t memory_for_work(std::int64_t available) {
  return std::max<std::int64_t>(available - kLeftToOthers, 0);
}

void give_back_memory() { malloc_trim(0); }

Result<void> check_memory(const NetworkSpec& network, int batch, std::int64_t needed,
                          std::int64_t available) {
  if (available == 0 || needed <= available - kLeftToOthers) return {};
  const Model& model = network.model;
  return work_error("memory",
                    "{} GiB are needed for depth {}, width {}, batch {}{}, but only {} GiB are "
                    "available; reduce {}.",
                    fmt::format("{:.1f}", static_cast<double>(needed) / kGiB), model.depth,
                    model.width, batch,
                    network.networks > 1 ? message(", networks {}", network.networks) : Message(),
                    fmt::format("{:.1f}", static_cast<double>(memory_for_work(available)) / kGiB),
                    network.networks > 1 ? message("networks, batch, width or depth")
                                         : message("batch, width or depth"));
}

}  // namespace nanscope
