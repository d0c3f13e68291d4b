#include <utility>

#include "engine/runs/training_run.h"

// What of a run's memory the plan does not list.
namespace nanscope {
namespace {

void append(std::vector<at::Tensor>& all, const std::vector<at::Tensor>& more) {
  for (const at::Tensor& one : more)
    if (one.defined()) all.push_back(one);
}

}  // namespace

std::vector<HeldTensors> TrainingRun::beside_plan() const {
  std::vector<HeldTensors> all;
  const auto add = [&](std::string_view what, const std::vector<at::Tensor>& tensors) {
    HeldTensors held{what};
    append(held.tensors, tensors);
    if (!held.tensors.empty()) all.push_back(std::move(held));
  };
  add("data", samples_->table());
  add("samples", samples_->tensors());
  if (evaluation_) add("held_out", evaluation_->plan().buffers());
  if (surface_) add("decision_surface", surface_->plan().buffers());
  if (scaler_) {
    std::vector<at::Tensor> scaler{scaler_->found()};
    for (const auto& [name, tensor] : scaler_->state()) scaler.push_back(tensor);
    add("loss_scale", scaler);
  }
  add("gradient_norms", {norms_, norm_, kept_share_});
  add("loss_gradient", {upstream_});
  return all;
}

}  // namespace nanscope
