#include "ui/shell/history.h"

#include <utility>

namespace nanscope {

bool History::edit(const Experiment& next, unsigned gesture) {
  if (next == current_) return false;
  const bool same_step = gesture != 0 && gesture == gesture_;
  if (!same_step) {
    past_.push_back(current_);
    future_.clear();
  }
  gesture_ = gesture;
  current_ = next;
  return true;
}

void History::end_gesture() {
  // A drag that came back to where it began is no step.
  if (gesture_ != 0 && !past_.empty() && past_.back() == current_) past_.pop_back();
  gesture_ = 0;
}

bool History::undo() {
  if (past_.empty()) return false;
  end_gesture();
  if (past_.empty()) return false;
  future_.push_back(std::exchange(current_, past_.back()));
  past_.pop_back();
  return true;
}

bool History::redo() {
  if (future_.empty()) return false;
  end_gesture();
  past_.push_back(std::exchange(current_, future_.back()));
  future_.pop_back();
  return true;
}

}  // namespace nanscope
