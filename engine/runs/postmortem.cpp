#include "engine/runs/postmortem.h"

#include <cmath>
#include <utility>

#include "engine/runs/kept_states.h"
#include "engine/runs/nonfinite_watch.h"

namespace nanscope {
namespace {

/// Steps before the one that is looked into whose layers are measured.
constexpr std::int64_t kMeasuredBefore = KeptStates::kStepsApart;

bool is_finite(const RunStep& step, const TrainingRun& run) {
  const bool passed = std::isfinite(step.loss) && (step.skipped || std::isfinite(step.grad_norm));
  return passed && run.is_finite();
}

}  // namespace

Postmortem::Postmortem(TrainingRun& run, const Checkpoint& from, const Experiment& experiment,
                       std::vector<LiveChange> changes)
    : run_(run), from_(from), experiment_(experiment), changes_(std::move(changes)) {}

void Postmortem::go_back() {
  // Its own tensors: a run takes any checkpoint of its kind.
  (void)run_.restore(from_);
  now_ = before_step(experiment_, changes_, from_.steps);
  run_.change(now_.training);
  for (next_change_ = 0;
       next_change_ < changes_.size() && changes_[next_change_].step <= from_.steps;)
    ++next_change_;
}

void Postmortem::apply_changes() {
  for (; next_change_ < changes_.size(); ++next_change_) {
    if (changes_[next_change_].step > run_.steps_done()) return;
    apply_change(changes_[next_change_], now_, run_);
  }
}

bool Postmortem::advance() {
  if (end_.tensors.empty()) {
    run_.save(end_);
    go_back();
  }
  apply_changes();
  return dead_step_ < 0 ? look_for_step() : look_into_step();
}

bool Postmortem::look_for_step() {
  if (is_finite(run_.step(), run_)) {
    if (run_.steps_done() < end_.steps) return true;
    leave();
    return false;
  }
  dead_step_ = run_.steps_done() - 1;
  go_back();
  return true;
}

bool Postmortem::look_into_step() {
  const std::int64_t step = run_.steps_done();
  NonfiniteWatch watch(run_);
  const bool dies = step == dead_step_;
  const RunStep done =
      run_.step({.layers = step >= dead_step_ - kMeasuredBefore, .watch = dies ? &watch : nullptr});
  if (step >= dead_step_ - kMeasuredBefore) layers_.push_back({step, done.layers});
  if (!dies) return true;
  if (watch.found()) {
    Autopsy autopsy = *watch.found();
    autopsy.layers = std::move(layers_);
    autopsy_ = std::make_shared<const Autopsy>(std::move(autopsy));
  }
  leave();
  return false;
}

void Postmortem::leave() {
  (void)run_.restore(end_);
  run_.change(before_step(experiment_, changes_, end_.steps - 1).training);
}

}  // namespace nanscope
