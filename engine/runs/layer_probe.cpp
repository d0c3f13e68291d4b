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
constexpr std::size_t kCachedBytes = 160 << 10;

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

MeasureOptions options_for(const NumberFormat& format) {
  return {.smallest_normal = format.smallest_normal, .quick = true};
}

/// What a value's gradient is computed in. Of mixed precision's fp32 weights that is the format of
/// the copy which products read: fp32 holds as normal numbers what was subnormal there.
const NumberFormat& computed_in(const Plan& plan, ValueId id) {
  for (const PlanOperation& operation : plan.description().operations)
    if (operation.rule == PrecisionRule::cast && operation.inputs.front() == id)
      return plan.value(operation.outputs.front()).gradient_format();
  return plan.value(id).gradient_format();
}

int moment_of(const PlanTap& tap, Direction direction) {
  return direction == Direction::forward ? tap.operation : tap.gradient_from;
}

/// How many looks ago another tap of the layer showed the same tensor at the same moment (without
/// an activation function, what a layer passes on is its pre-activation); 0: none did.
int looks_since_same(const Plan& plan, int layer, const PlanTap& tap, Direction direction) {
  int looks = 0;
  for (const PlanTap& one : plan.description().layers[static_cast<std::size_t>(layer)].taps) {
    if (moment_of(one, direction) != moment_of(tap, direction)) continue;
    if (direction == Direction::backward && !plan.value(one.value).needs_gradient()) continue;
    if (&one == &tap) break;
    if (looks > 0 || one.value == tap.value) ++looks;
  }
  return looks;
}

std::int64_t elements(const Plan& plan, const ParameterRange& range) {
  std::int64_t count = 0;
  for (std::size_t i = range.first; i < range.end; ++i) count += parameter(plan, i).numel();
  return count;
}

}  // namespace

LayerProbe::LayerProbe(const Plan& plan, bool counts_gradients)
    : plan_(plan),
      parameter_of_(plan.values().size()),
      weight_places_(plan.description().parameters.size()),
      gradient_sums_(plan.description().parameters.size()),
      gradient_counts_(counts_gradients ? plan.description().layers.size() : 0),
      ranges_(cached_ranges(plan)) {
  std::int64_t most = 0;
  for (const ParameterRange& range : ranges_) most = std::max(most, elements(plan, range));
  const at::Tensor memory = at::empty({most}, parameter(plan, 0).options());
  for (const ParameterRange& range : ranges_)
    for (std::size_t i = range.first; i < range.end; ++i) {
      const at::Tensor& now = parameter(plan, i);
      const std::int64_t place = elements(plan, {range.first, i});
      before_.push_back(memory.narrow(0, place, now.numel()).view(now.sizes()));
      parameter_of_[static_cast<std::size_t>(plan.description().parameters[i].value)] = i;
    }
  for (const PlanLayer& layer : plan.description().layers) known_.push_back({.name = layer.name});
}

Probe LayerProbe::begin() {
  layers_ = known_;
  next_look_ = 0;
  std::ranges::fill(gradient_sums_, std::nullopt);
  for (GradientCounts& counts : gradient_counts_) counts.clear();
  return [this](int layer, const PlanTap& tap, Direction direction, const at::Tensor& values) {
    if (next_look_ == looks_.size()) looks_.push_back(make_look(layer, tap, direction));
    look(looks_[next_look_++], values);
  };
}

LayerProbe::Look LayerProbe::make_look(int layer, const PlanTap& tap, Direction direction) {
  const auto index = static_cast<std::size_t>(layer);
  const bool back = direction == Direction::backward;
  auto& names = known_[index].tensors;
  Look made{.place = {index, names.size()}};
  names.emplace_back(tap.name + (back ? "_grad" : ""), Statistics());
  layers_[index].tensors.push_back(names.back());
  if (const int ago = looks_since_same(plan_, layer, tap, direction); ago > 0) {
    made.same = Place{index, made.place.tensor - static_cast<std::size_t>(ago)};
    return made;
  }
  const std::optional<std::size_t> parameter = parameter_of_[static_cast<std::size_t>(tap.value)];
  if (!back && parameter && is_weight(plan_, *parameter)) {
    made.weight = parameter;
    weight_places_[*parameter] = made.place;
    return made;
  }
  if (back) made.gradient = parameter;
  made.options =
      options_for(back ? computed_in(plan_, tap.value) : plan_.value(tap.value).format());
  return made;
}

void LayerProbe::look(Look& look, const at::Tensor& values) {
  if (look.weight) return;
  if (look.same) {
    at(look.place) = at(*look.same);
    return;
  }
  const Accumulator sums = accumulate_tensor(values, look.options);
  look.options.zeros = sums.zeros > 0 || sums.subnormals > 0;  // likely so in the next step, too
  if (look.gradient) {
    gradient_sums_[*look.gradient] = sums;
    if (!gradient_counts_.empty())
      gradient_counts_[look.place.layer].add(values, gradient_bins_, sums.absmax);
  }
  at(look.place) = to_statistics(sums);
}

const Accumulator* LayerProbe::gradient_sums(std::size_t parameter) const {
  return gradient_sums_[parameter] ? &*gradient_sums_[parameter] : nullptr;
}

void LayerProbe::before_update(const ParameterRange& range) {
  for (std::size_t i = range.first; i < range.end; ++i)
    if (measures(i)) take_before(i, accumulate_copied(parameter(plan_, i), before_[i], options(i)));
}

void LayerProbe::after_update(const ParameterRange& range) {
  for (std::size_t i = range.first; i < range.end; ++i)
    if (measures(i)) take_moved(i, tensor_distance(before_[i], parameter(plan_, i)));
}

bool LayerProbe::measures(std::size_t parameter) const { return is_weight(plan_, parameter); }

MeasureOptions LayerProbe::options(std::size_t parameter) const {
  return options_for(plan_.value(plan_.description().parameters[parameter].value).format());
}

void LayerProbe::take(std::size_t parameter, const CountedStep& counted) {
  take_before(parameter, counted.before);
  take_moved(parameter, counted.moved);
}

void LayerProbe::take_before(std::size_t parameter, const Accumulator& sums) {
  if (weight_places_[parameter]) at(*weight_places_[parameter]) = to_statistics(sums);
}

void LayerProbe::take_moved(std::size_t parameter, const Distance& moved) {
  const int layer = plan_.description().parameters[parameter].draw.layer;
  layers_[static_cast<std::size_t>(layer)].update_ratio = moved.ratio();
}

std::vector<LayerStatistics> LayerProbe::layers() {
  std::erase_if(layers_, [](const LayerStatistics& layer) { return layer.tensors.empty(); });
  return std::move(layers_);
}

}  // namespace nanscope
