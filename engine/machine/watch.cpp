#include "engine/machine/watch.h"

namespace nanscope {

bool Watch::step(Template<2> what, int layer, int layers, double fraction) {
  if (stop_.stop_requested()) return false;
  fraction_ = begin_ + fraction * (end_ - begin_);
  const auto now = std::chrono::steady_clock::now();
  if (progress_ && now - last_ >= interval_) {
    last_ = now;
    progress_(message(what, layer + 1, layers), fraction_);
  }
  return true;
}

}  // namespace nanscope
