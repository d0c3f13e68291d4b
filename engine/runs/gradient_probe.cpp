#include "engine/runs/gradient_probe.h"

#include <ATen/core/Tensor.h>

#include <utility>

namespace nanscope {
namespace {

GradientMagnitudes magnitudes_of(const TrainingRun& run, std::vector<LayerMagnitudes> layers) {
  GradientMagnitudes found{.step = run.steps_done(),
                           .loss_scale = run.loss_scale().value_or(1),
                           .format = narrowest_gradient(run.plan()).name};
  found = with_counts(found, added_up(layers));
  found.layers = std::move(layers);
  return found;
}

}  // namespace

const NumberFormat& narrowest_gradient(const Plan& plan) {
  const NumberFormat* narrowest = nullptr;
  for (const Value& value : plan.values()) {
    if (!value.needs_gradient()) continue;
    const NumberFormat& format = value.gradient_format();
    if (!narrowest || format.smallest_subnormal > narrowest->smallest_subnormal)
      narrowest = &format;
  }
  return *narrowest;
}

GradientMagnitudes count_gradients(const TrainingRun& run) {
  const PlanDescription& plan = run.plan().description();
  std::vector<GradientCounts> counts(plan.layers.size());
  std::vector<std::int64_t> bins;
  for (std::size_t i = 0; i < plan.parameters.size(); ++i)
    counts[static_cast<std::size_t>(plan.parameters[i].draw.layer)].add(run.buffers().gradients[i],
                                                                        bins);
  return counted_gradients(run, counts);
}

GradientMagnitudes counted_gradients(const TrainingRun& run,
                                     const std::vector<GradientCounts>& by_layer) {
  const PlanDescription& plan = run.plan().description();
  std::vector<LayerMagnitudes> layers;
  layers.reserve(by_layer.size());
  for (std::size_t i = 0; i < by_layer.size(); ++i)
    if (by_layer[i].counted().total > 0)
      layers.push_back({plan.layers[i].name, by_layer[i].counted()});
  return magnitudes_of(run, std::move(layers));
}

void GradientProbe::after(StepPhase phase) {
  if (phase != StepPhase::backward) return;
  const auto begin = std::chrono::steady_clock::now();
  magnitudes_ = count_gradients(run_);
  taken_ = std::chrono::steady_clock::now() - begin;
}

}  // namespace nanscope
