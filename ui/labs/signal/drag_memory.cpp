#include "ui/labs/signal/drag_memory.h"

#include <algorithm>

namespace nanscope {

ViewRange grown(const ViewRange& held, const ViewRange& curves, const ViewRange& home) {
  ViewRange range = held;
  if (curves.low < held.low) range.low = std::min(held.low, home.low);
  if (curves.high > held.high) range.high = std::max(held.high, home.high);
  return range;
}

void DragMemory::follow(bool dragging, const Experiment& experiment,
                        const std::shared_ptr<const SignalSnapshot>& pass,
                        const std::vector<ViewZoom>& axes) {
  const bool same = experiment.network == network_ && experiment.data == data_;
  if (dragging && !dragging_) {
    ghost_ = latest_;
    held_ = axes;
  }
  if (!dragging) {
    held_.clear();
    if (!dragging_ && !same) ghost_.reset();  // changed by something else than the drag
    latest_ = pass;
  }
  dragging_ = dragging;
  network_ = experiment.network;
  data_ = experiment.data;
}

}  // namespace nanscope
