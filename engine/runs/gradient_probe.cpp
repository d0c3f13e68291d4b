#include "engine/runs/gradient_probe.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>
#include <vector>

#include "engine/network/measure_tensor.h"

namespace nanscope {
namespace {

/// Of the parameters of a layer, one after another.
class LayerCounts {
 public:
  void add(const at::Tensor& gradient) {
    // In half precision the subnormal numbers would share one bin.
    const at::Tensor values = gradient.element_size() < 4 ? gradient.to(at::kFloat) : gradient;
    storage_ = values.scalar_type() == at::kDouble ? Storage::fp64 : Storage::fp32;
    add_exponents(values, bins_, Signs::together);
    total_ += values.numel();
  }
  MagnitudeCounts counted() const {
    const Histogram found = to_histogram(bins_.data(), storage_);
    MagnitudeCounts all{.first_exponent = found.first_exponent,
                        .nonfinite = nonfinite_in(bins_.data(), storage_),
                        .total = total_};
    std::ranges::transform(found.positive, found.negative, std::back_inserter(all.counts),
                           std::plus());
    all.zeros = total_ - all.nonfinite -
                std::accumulate(all.counts.begin(), all.counts.end(), std::int64_t{0});
    return all;
  }

 private:
  Storage storage_ = Storage::fp32;
  std::vector<std::int64_t> bins_;
  std::int64_t total_ = 0;
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
