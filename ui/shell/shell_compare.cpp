#include "engine/experiment/json.h"
#include "ui/shell/shell_state.h"

// What stays beside the experiment that is edited: its axes, and B.
namespace nanscope {

void ShellState::toggle_axis_lock() {
  ViewSpec next = history.current().view;
  next.lock = axes_locked() ? std::vector<ViewZoom>() : open_lab().lockable_axes();
  look(next);
}

void ShellState::keep_as_other() {
  Experiment next = history.current();
  next.compare = {.on = true, .changes = {}};
  change(next);
}

void ShellState::swap_with_other() {
  const Experiment& a = history.current();
  if (std::optional<Experiment> b = compared_with(a)) {
    b->compare = comparison_of(*b, a);
    change(*b);
  }
}

void ShellState::forget_other() {
  Experiment next = history.current();
  next.compare = {};
  change(next);
}

}  // namespace nanscope
