#include "engine/machine/watch.h"

#include <fmt/format.h>

namespace nanscope {

bool Watch::step(const char* what, int layer, int layers, double fraction) {
  if (stop_.stop_requested()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (progress_ && now - last_ >= interval_) {
    last_ = now;
    progress_(fmt::format("{}, layer {} of {}", what, layer + 1, layers),
              begin_ + fraction * (end_ - begin_));
  }
  return true;
}

}  // namespace nanscope
