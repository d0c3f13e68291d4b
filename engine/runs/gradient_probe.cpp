#include "engine/runs/gradient_probe.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/count_nonzero.h>

#include <map>

#include "engine/network/measure_tensor.h"

namespace nanscope {
namespace {

/// Of the parameters of a layer, one after another.
struct LayerCounts {
  std::map<int, std::int64_t> counts = {};
  MagnitudeCounts sums = {};

  void add(const at::Tensor& gradient) {
    // In half precision the subnormal numbers would share one bin.
    const at::Tensor values =
        gradient.element_size() < 4 ? gradient.to(at::kFloat) : gradient.contiguous();
    std::int64_t left_out = values.numel();
    const Histogram bins = tensor_histogram(values);
    for (std::size_t i = 0; i < bins.positive.size(); ++i) {
      const std::int64_t count = bins.positive[i] + bins.negative[i];
      counts[bins.first_exponent + static_cast<int>(i)] += count;
      left_out -= count;
    }
    sums.total += values.numel();
    if (left_out == 0) return;
    const std::int64_t zeros = values.numel() - at::count_nonzero(values).item<std::int64_t>();
    sums.zeros += zeros;
    sums.nonfinite += left_out - zeros;
  }
  MagnitudeCounts counted() const {
    MagnitudeCounts all = sums;
    if (!counts.empty()) all.first_exponent = counts.begin()->first;
    for (const auto& [exponent, count] : counts) {
      all.counts.resize(static_cast<std::size_t>(exponent - all.first_exponent) + 1);
      all.counts.back() = count;
    }
    return all;
  }
};

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
  std::map<int, LayerCounts> layers;  // by their place in the plan
  for (std::size_t i = 0; i < plan.parameters.size(); ++i)
    layers[plan.parameters[i].draw.layer].add(run.buffers().gradients[i]);
  GradientMagnitudes found{.step = run.steps_done(),
                           .loss_scale = run.loss_scale().value_or(1),
                           .format = narrowest_gradient(run.plan()).name};
  std::vector<LayerMagnitudes> by_layer;
  for (const auto& [place, counts] : layers)
    by_layer.push_back({plan.layers[static_cast<std::size_t>(place)].name, counts.counted()});
  found = with_counts(found, added_up(by_layer));
  found.layers = std::move(by_layer);
  return found;
}

void GradientProbe::after(StepPhase phase) {
  if (phase != StepPhase::backward) return;
  const auto begin = std::chrono::steady_clock::now();
  magnitudes_ = count_gradients(run_);
  taken_ = std::chrono::steady_clock::now() - begin;
}

}  // namespace nanscope
