#include "ui/shell/history.h"

#include <utility>

namespace nanscope {

bool History::edit(const Experiment& next, unsigned gesture) {
  if (next == current()) return false;
  if (sheets_.is_elsewhere(next.lab)) {
    push_sheets(next.lab);
    sheets_.show(next.lab);
    amend(next);
    return true;
  }
  const bool same_step = gesture != 0 && gesture == gesture_;
  if (!same_step) {
    past_.push_back({current(), next.lab, next.view != current().view});
    future_.clear();
  }
  gesture_ = gesture;
  amend(next);
  return true;
}

void History::push_sheets(LabName leads_to) {
  end_gesture();
  past_.push_back({current(), leads_to, true, sheets_});
  future_.clear();
}

void History::open(Sheet next) {
  // Nothing to take back.
  if (next.experiment == current()) return rename(std::move(next.document));
  push_sheets(next.experiment.lab);
  sheets_.open(std::move(next));
}

void History::end_gesture() {
  // A drag that came back to where it began is no step.
  if (gesture_ != 0 && !past_.empty() && past_.back().experiment == current()) past_.pop_back();
  gesture_ = 0;
}

void History::step(std::vector<Step>& from, std::vector<Step>& to) {
  Step next = std::move(from.back());
  from.pop_back();
  // Another lab may have been looked at since.
  if (next.sheets) {
    sheets_.show(next.leads_to);
    Sheets left = std::exchange(sheets_, *std::move(next.sheets));
    to.push_back({left.open().experiment, current().lab, true, std::move(left)});
    return;
  }
  if (sheets_.is_elsewhere(next.experiment.lab)) sheets_.show(next.experiment.lab);
  if (!next.with_view) next.experiment.view = current().view;
  Experiment left = current();
  left.lab = next.leads_to;
  to.push_back({std::move(left), next.experiment.lab, next.with_view});
  amend(next.experiment);
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
