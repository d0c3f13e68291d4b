#include "engine/runs/layer_probe.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>

#include "engine/network/measure_tensor.h"

namespace nanscope {

LayerProbe::LayerProbe(const Plan& plan) : plan_(plan) {
  for (const PlanLayer& layer : plan.description().layers) layers_.push_back({.name = layer.name});
}

Probe LayerProbe::probe() {
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

void LayerProbe::keep_parameters() {
  for (const PlanParameter& parameter : plan_.description().parameters)
    before_.push_back(plan_.value(parameter.value).data().clone());
}

std::vector<LayerStatistics> LayerProbe::layers() {
  const auto& parameters = plan_.description().parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const PlanParameter& parameter = parameters[i];
    if (parameter.draw.init != ParameterInit::weight) continue;
    const at::Tensor& after = plan_.value(parameter.value).data();
    layers_[static_cast<std::size_t>(parameter.draw.layer)].update_ratio =
        after.sub(before_[i]).norm().item<double>() / before_[i].norm().item<double>();
  }
  std::erase_if(layers_, [](const LayerStatistics& layer) { return layer.tensors.empty(); });
  return std::move(layers_);
}

}  // namespace nanscope
