#include "engine/signal/watch.h"

#include <fmt/format.h>

namespace nanscope {

bool Watch::step(const std::string& what, int index, int count) {
  if (stop_.stop_requested()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (progress_ && now - last_ >= interval_) {
    last_ = now;
    progress_(fmt::format("{}, layer {} of {}", what, index + 1, count),
              static_cast<double>(index) / count);
  }
  return true;
}

}  // namespace nanscope
