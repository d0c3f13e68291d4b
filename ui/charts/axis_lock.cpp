#include "ui/charts/axis_lock.h"

#include <algorithm>
#include <iterator>

namespace nanscope {
namespace {

ViewRange range_of(const Limits& limits) { return {limits.low, limits.high}; }

/// What an axis shows that is held at a range, which grows with it; its home without a range.
Limits shown_limits(const LockableAxis& axis, std::optional<ViewRange>* held) {
  if (!held || !*held) return axis.home;
  const Limits limits = grown({(*held)->low, (*held)->high}, axis.taken, axis.home);
  *held = range_of(limits);
  return limits;
}

}  // namespace

void AxisLock::show(const std::vector<ViewZoom>& locked, bool dragging) {
  locked_ = locked;
  if (dragging && !dragging_) held_ = axes_;
  if (!dragging) held_.clear();
  dragging_ = dragging;
}

PlotZoom AxisLock::hold(const Plot& plot, const Style& style, ImVec2 corner, ImVec2 size) {
  const ChartFrame free = plot.frame(style, {corner, size});
  if (!free.x.lockable && !free.y.lockable) return {};
  const auto named = [&](const ViewZoom& axes) { return axes.plot == plot.name; };
  std::vector<ViewZoom>& all = locked() ? locked_ : held_;
  auto held = std::ranges::find_if(all, named);
  if (locked() && held == all.end()) {
    ViewZoom& added = all.emplace_back(plot.name);
    if (free.x.lockable) added.x = range_of(free.x.lockable->home);
    if (free.y.lockable) added.y = range_of(free.y.lockable->home);
    held = std::prev(all.end());
  }
  PlotZoom shown;
  ViewZoom seen{plot.name};
  const auto hold_axis = [&](const ScaledAxis& axis, std::optional<ViewRange> ViewZoom::*range,
                             std::optional<Limits> PlotZoom::*limits) {
    if (!axis.lockable) return;
    std::optional<ViewRange>* at = held == all.end() ? nullptr : &((*held).*range);
    const Limits now = shown_limits(*axis.lockable, at);
    seen.*range = range_of(now);
    if (at && *at) shown.*limits = now;
  };
  hold_axis(free.x, &ViewZoom::x, &PlotZoom::x);
  hold_axis(free.y, &ViewZoom::y, &PlotZoom::y);
  std::erase_if(axes_, named);
  axes_.push_back(std::move(seen));
  return shown;
}

void AxisLock::toggle() { locked_ = locked() ? std::vector<ViewZoom>() : axes_; }

}  // namespace nanscope
