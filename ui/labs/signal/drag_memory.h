#pragma once

#include <memory>
#include <vector>

#include "engine/probes/signal.h"

namespace nanscope {

/// An axis locked to limits that grow, to those that the plot itself would have, only where the
/// curves leave them.
ViewRange grown(const ViewRange& held, const ViewRange& curves, const ViewRange& home);

/// What people compare a drag with: the pass that was there before it, and the axes as they were.
class DragMemory {
 public:
  /// Once a frame, before anything is drawn: whether a control is being dragged, what it edits, the
  /// latest pass, and the axes that the plots showed in the frame before.
  void follow(bool dragging, const Experiment& experiment,
              const std::shared_ptr<const SignalSnapshot>& pass, const std::vector<ViewZoom>& axes);

  /// The pass before the drag, until something else is changed; else null.
  const std::shared_ptr<const SignalSnapshot>& ghost() const { return ghost_; }
  /// The axes that stay as they are while the drag lasts.
  std::vector<ViewZoom>& held() { return held_; }
  bool dragging() const { return dragging_; }

 private:
  bool dragging_ = false;
  std::shared_ptr<const SignalSnapshot> ghost_, latest_;
  NetworkSpec network_;  ///< as the drag left it
  DataSpec data_;
  std::vector<ViewZoom> held_;
};

}  // namespace nanscope
