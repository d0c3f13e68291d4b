#include "engine/costs/requests/layered_memory.h"

#include <set>

namespace nanscope {
namespace {

/// The layers that have values in each buffer; a value is the first layer's that names it.
std::vector<std::set<int>> layers_of_buffers(const PlanDescription& plan) {
  std::vector<std::set<int>> layers(plan.buffers.size());
  std::vector<bool> met(plan.values.size());
  const auto meet = [&](ValueId id, int layer) {
    if (id == kNoValue || met[static_cast<std::size_t>(id)]) return;
    met[static_cast<std::size_t>(id)] = true;
    const int buffer = plan.value(id).buffer;
    if (buffer >= 0) layers[static_cast<std::size_t>(buffer)].insert(layer);
  };
  for (int layer = 0; layer < static_cast<int>(plan.layers.size()); ++layer) {
    const auto [first, end] = plan.parameters_of(layer);
    for (std::size_t i = first; i < end; ++i)
      for (const ValueId state : plan.parameters[i].state) meet(state, layer);
    for (const PlanOperation& one : plan.operations_of(layer))
      for (const auto* ids : {&one.inputs, &one.outputs, &one.saved, &one.scratch, &one.parts})
        for (const ValueId id : *ids) {
          meet(id, layer);
          meet(plan.value(id).gradient, layer);
          meet(plan.value(id).contribution, layer);
        }
  }
  return layers;
}

}  // namespace

LayeredMemory layered_memory(const PlanDescription& plan) {
  std::vector<std::int64_t> own = plan.buffers, shared = plan.buffers;
  const std::vector<std::set<int>> layers = layers_of_buffers(plan);
  for (std::size_t i = 0; i < layers.size(); ++i) (layers[i].size() == 1 ? shared : own)[i] = 0;
  return {.own = layer_memory(plan, own), .shared = plan_memory(plan, shared)};
}

}  // namespace nanscope
