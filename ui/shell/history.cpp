#include "ui/shell/history.h"

#include <utility>

namespace nanscope {

bool History::edit(const Experiment& next, unsigned gesture) {
  if (next == current_) return false;
  const bool same_step = gesture != 0 && gesture == gesture_;
  if (!same_step) {
    past_.push_back({current_, next.view != current_.view});
    future_.clear();
  }
  gesture_ = gesture;
  current_ = next;
  return true;
}

void History::end_gesture() {
  // A drag that came back to where it began is no step.
  if (gesture_ != 0 && !past_.empty() && past_.back().experiment == current_) past_.pop_back();
  gesture_ = 0;
}

void History::step(std::vector<Step>& from, std::vector<Step>& to) {
  Step next = std::move(from.back());
  from.pop_back();
  if (!next.with_view) next.experiment.view = current_.view;
  to.push_back({std::exchange(current_, std::move(next.experiment)), next.with_view});
}

bool History::undo() {
  if (past_.empty()) return false;
  end_gesture();
  if (past_.empty()) return false;
  step(past_, future_);
  return true;
}

bool History::redo() {
  if (future_.empty()) return false;
  end_gesture();
  step(future_, past_);
  return true;
}

}  // namespace nanscope
