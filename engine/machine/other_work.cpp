#include "engine/machine/other_work.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace nanscope {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks(5);
constexpr std::chrono::milliseconds kRemembered(500);

std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Of this process; the calling thread is one of them.
int own_runnable_threads() {
  int count = 0;
  std::error_code error;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", error)) {
    // "123 (a name) R ...": the name may hold brackets of its own.
    const std::string line = first_line(thread.path() / "stat");
    const std::size_t state = line.rfind(") ");
    if (state != std::string::npos && line.compare(state + 2, 1, "R") == 0) ++count;
  }
  return count;
}

}  // namespace

int runnable_threads(std::string_view loadavg) {
  for (int field = 0; field < 3; ++field)
    loadavg.remove_prefix(std::min(loadavg.find(' '), loadavg.size() - 1) + 1);
  int count = 0;
  std::from_chars(loadavg.data(), loadavg.data() + loadavg.size(), count);
  return count;
}

int other_runnable_threads() {
  const int all = runnable_threads(first_line("/proc/loadavg"));
  if (all <= 1) return 0;  // mostly so; then the list of our own threads need not be read
  const int others = std::max(0, all - own_runnable_threads());
  // The kernel counts the whole machine's; a container may have only some of its cores.
  const long cores = std::max(1L, sysconf(_SC_NPROCESSORS_ONLN));
  const long ours = std::min<long>(cores, std::thread::hardware_concurrency());
  return static_cast<int>((others * ours + cores - 1) / cores);
}

void OtherWork::look(Clock::time_point now) {
  if (!seen_.empty() && now - seen_.back().when < kBetweenLooks) return;
  std::erase_if(seen_, [&](const Sight& sight) { return now - sight.when > kRemembered; });
  seen_.push_back({now, count_()});
}

int OtherWork::threads() const {
  if (seen_.empty()) return 0;
  std::vector<int> counts;
  for (const Sight& sight : seen_) counts.push_back(sight.threads);
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>((counts.size() - 1) / 2);
  std::ranges::nth_element(counts, middle);
  return *middle;
}

}  // namespace nanscope
