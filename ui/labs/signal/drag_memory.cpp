#include "ui/labs/signal/drag_memory.h"

namespace nanscope {

void DragMemory::follow(bool dragging, const Experiment& experiment,
                        const std::shared_ptr<const SignalSnapshot>& pass) {
  const bool same = experiment.network == network_ && experiment.data == data_;
  if (dragging && !dragging_) ghost_ = latest_;
  if (!dragging) {
    if (!dragging_ && !same) ghost_.reset();  // changed by something else than the drag
    latest_ = pass;
  }
  dragging_ = dragging;
  network_ = experiment.network;
  data_ = experiment.data;
}

}  // namespace nanscope
