#pragma once

#include <vector>

#include "ui/charts/plot.h"

namespace nanscope {

/// Axes that stay as they are while what they show changes: those that a person has locked, and all
/// of them while a control is dragged. They grow only where values leave them.
class AxisLock {
 public:
  /// At the beginning of a frame: the axes that are locked, and whether a control is dragged.
  void show(const std::vector<ViewZoom>& locked, bool dragging);
  /// What a plot's axes are held at in this frame.
  PlotZoom hold(const Plot& plot, const Style& style, ImVec2 corner, ImVec2 size);
  /// Locks the axes as they are, or lets them go.
  void toggle();

  bool locked() const { return !locked_.empty(); }
  /// The locked ones as they have grown.
  const std::vector<ViewZoom>& lock() const { return locked_; }
  /// What can be locked of the plots, as it is now.
  const std::vector<ViewZoom>& axes() const { return axes_; }
  /// Forgets what plots have shown: they are about something else now.
  void clear() { axes_.clear(), held_.clear(); }

 private:
  std::vector<ViewZoom> locked_, held_, axes_;
  bool dragging_ = false;
};

}  // namespace nanscope
