#include "engine/runs/layer_probe.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/network/measure_tensor.h"

namespace nanscope {
namespace {

/// Of parameters; their gradients and Adam's two moments are as much each.
constexpr std::size_t kCachedBytes = 128 << 10;

const at::Tensor& parameter(const Plan& plan, std::size_t index) {
  return plan.value(plan.description().parameters[index].value).data();
}

bool is_weight(const Plan& plan, std::size_t index) {
  return plan.description().parameters[index].draw.init == ParameterInit::weight;
}

std::vector<ParameterRange> cached_ranges(const Plan& plan) {
  std::vector<ParameterRange> ranges;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < plan.description().parameters.size(); ++i) {
    const std::size_t more = parameter(plan, i).nbytes();
    if (ranges.empty() || bytes + more > kCachedBytes) {
      ranges.push_back({.first = i});
      bytes = 0;
    }
    bytes += more;
    ranges.back().end = i + 1;
  }
  return ranges;
}

std::int64_t elements(const Plan& plan, const ParameterRange& range) {
  std::int64_t count = 0;
  for (std::size_t i = range.first; i < range.end; ++i) count += parameter(plan, i).numel();
  return count;
}

}  // namespace

LayerProbe::LayerProbe(const Plan& plan) : plan_(plan), ranges_(cached_ranges(plan)) {
  std::int64_t most = 0;
  for (const ParameterRange& range : ranges_) most = std::max(most, elements(plan, range));
  const at::Tensor memory = at::empty({most}, parameter(plan, 0).options());
  for (const ParameterRange& range : ranges_)
    for (std::size_t i = range.first; i < range.end; ++i) {
      const at::Tensor& now = parameter(plan, i);
      const std::int64_t place = elements(plan, {range.first, i});
      before_.push_back(memory.narrow(0, place, now.numel()).view(now.sizes()));
    }
}

Probe LayerProbe::begin() {
  layers_.clear();
  for (const PlanLayer& layer : plan_.description().layers) layers_.push_back({.name = layer.name});
  return [this](int layer, const PlanTap& tap, Direction direction, const at::Tensor& values) {
    const bool back = direction == Direction::backward;
    const Value& value = plan_.value(tap.value);
    const NumberFormat& format = back ? value.gradient_format() : value.format();
    layers_[static_cast<std::size_t>(layer)].tensors.emplace_back(
        tap.name + (back ? "_grad" : ""),
        to_statistics(
            accumulate_tensor(values, {.smallest_normal = format.smallest_normal, .quick = true})));
  };
}

void LayerProbe::before_update(const ParameterRange& range) {
  for (std::size_t i = range.first; i < range.end; ++i)
    if (is_weight(plan_, i)) before_[i].copy_(parameter(plan_, i));
}

void LayerProbe::after_update(const ParameterRange& range) {
  for (std::size_t i = range.first; i < range.end; ++i) {
    if (!is_weight(plan_, i)) continue;
    const int layer = plan_.description().parameters[i].draw.layer;
    layers_[static_cast<std::size_t>(layer)].update_ratio =
        tensor_distance(before_[i], parameter(plan_, i)).ratio();
  }
}

std::vector<LayerStatistics> LayerProbe::layers() {
  std::erase_if(layers_, [](const LayerStatistics& layer) { return layer.tensors.empty(); });
  return std::move(layers_);
}

}  // namespace nanscope
