#include "engine/recipe/run_history.h"

namespace nanscope {

void RunHistory::add(const RunStep& step) {
  steps.push_back(static_cast<double>(step.step));
  loss.push_back(step.loss);
  lr.push_back(step.lr);
  grad_norm.push_back(step.grad_norm);
  if (step.loss_scale) {
    loss_scale.push_back(*step.loss_scale);
    skipped.push_back(step.skipped);
  }
  if (step.held_out) add(steps.back(), *step.held_out);
}

void RunHistory::add(double step, const HeldOut& held_out) {
  if (!looks.empty() && looks.back() == step) return;
  looks.push_back(step);
  held_out_loss.push_back(held_out.loss);
  if (held_out.accuracy) accuracy.push_back(*held_out.accuracy);
}

HeldOut RunHistory::look(std::size_t at) const {
  HeldOut seen{.loss = held_out_loss[at]};
  if (at < accuracy.size()) seen.accuracy = accuracy[at];
  return seen;
}

}  // namespace nanscope
