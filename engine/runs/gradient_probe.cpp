#include "engine/runs/gradient_probe.h"

#include <ATen/core/Tensor.h>

#include <map>

#include "engine/network/measure_tensor.h"

namespace nanscope {
namespace {

/// Of the formats of all gradients the one whose smallest number is the largest.
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

}  // namespace

GradientProbe::GradientProbe(const TrainingRun& run)
    : run_(run),
      magnitudes_{.step = run.steps_done(),
                  .loss_scale = run.loss_scale().value_or(1),
                  .format = narrowest_gradient(run.plan()).name} {}

void GradientProbe::after(StepPhase phase) {
  if (phase != StepPhase::backward) return;
  const auto begin = std::chrono::steady_clock::now();
  std::map<int, std::int64_t> counts;
  for (const at::Tensor& gradient : run_.buffers().gradients) {
    // In half precision the subnormal numbers would share one bin.
    const at::Tensor values =
        gradient.element_size() < 4 ? gradient.to(at::kFloat) : gradient.contiguous();
    const Accumulator sums = accumulate_tensor(values, {.quick = true});
    magnitudes_.zeros += sums.zeros;
    magnitudes_.nonfinite += sums.positive_infs + sums.negative_infs + sums.nans;
    magnitudes_.total += sums.count;
    const Histogram bins = tensor_histogram(values);
    for (std::size_t i = 0; i < bins.positive.size(); ++i)
      counts[bins.first_exponent + static_cast<int>(i)] += bins.positive[i] + bins.negative[i];
  }
  if (!counts.empty()) magnitudes_.first_exponent = counts.begin()->first;
  for (const auto& [exponent, count] : counts) {
    magnitudes_.counts.resize(static_cast<std::size_t>(exponent - magnitudes_.first_exponent) + 1);
    magnitudes_.counts.back() = count;
  }
  taken_ = std::chrono::steady_clock::now() - begin;
}

}  // namespace nanscope
