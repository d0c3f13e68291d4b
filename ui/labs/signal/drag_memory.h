#pragma once

#include <memory>

#include "engine/probes/signal.h"

namespace nanscope {

/// What people compare a drag with: the pass that was there before it.
class DragMemory {
 public:
  /// Once a frame, before anything is drawn: whether a control is being dragged, what it edits, and
  /// the latest pass.
  void follow(bool dragging, const Experiment& experiment,
              const std::shared_ptr<const SignalSnapshot>& pass);

  /// The pass before the drag, until something else is changed; else null.
  const std::shared_ptr<const SignalSnapshot>& ghost() const { return ghost_; }

 private:
  bool dragging_ = false;
  std::shared_ptr<const SignalSnapshot> ghost_, latest_;
  NetworkSpec network_;  ///< as the drag left it
  DataSpec data_;
};

}  // namespace nanscope
