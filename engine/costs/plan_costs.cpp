#include "engine/costs/plan_costs.h"

#include <set>

#include "engine/base/strict_json.h"
#include "engine/costs/plan_memory_json.h"
#include "engine/experiment/json.h"
#include "engine/plan/optimizers/optimizers.h"
#include "engine/precision/precision.h"

namespace nanscope {
namespace {

/// FLOPs of an operation's way back that are its forward pass once more.
double recomputed_flops(const PlanOperation& one) { return one.recomputed ? one.forward.flops : 0; }

/// The gradient of X that the first product spares, which is its product's cost once more.
double spared_flops(const PlanDescription& plan) {
  for (const PlanOperation& one : plan.operations)
    if (one.forward.flops > 0) {
      return 2 * one.forward.flops - (one.backward.flops - recomputed_flops(one));
    }
  return 0;
}

/// Puts each buffer into its category, once.
class Ledger {
 public:
  /// `buffers`: bytes of each.
  Ledger(const PlanDescription& plan, std::span<const std::int64_t> buffers)
      : plan_(plan), buffers_(buffers) {
    for (const PlanParameter& one : plan.parameters)
      of_parameters_.insert(plan.value(one.value).gradient);
    // A buffer's category is that of its first value, whoever asks first.
    for (std::size_t i = 0; i < plan.values.size(); ++i)
      if (plan.values[i].buffer >= 0)
        first_.try_emplace(plan.values[i].buffer, static_cast<ValueId>(i));
  }

  void count(PlanMemory& memory, ValueId id) {
    if (id == kNoValue) return;
    const int buffer = plan_.value(id).buffer;
    if (buffer < 0 || !counted_.insert(buffer).second) return;
    const ValueId first = first_.at(buffer);
    category_of(memory, plan_.value(first).role, of_parameters_.contains(first)) +=
        buffers_[static_cast<std::size_t>(buffer)];
  }

 private:
  const PlanDescription& plan_;
  std::span<const std::int64_t> buffers_;
  std::set<ValueId> of_parameters_;
  std::map<int, ValueId> first_;
  std::set<int> counted_;
};

/// All values that a layer's operations and its optimizer's state have to do with; some twice.
template <class Function>
void for_each_value_of(const PlanDescription& plan, int layer, const Function& function) {
  const auto [first, end] = plan.parameters_of(layer);
  for (std::size_t i = first; i < end; ++i)
    for (const ValueId state : plan.parameters[i].state) function(state);
  for (const PlanOperation& one : plan.operations_of(layer))
    for (const auto* ids : {&one.inputs, &one.outputs, &one.saved, &one.scratch, &one.parts})
      for (const ValueId id : *ids) {
        function(id);
        function(plan.value(id).gradient);
        function(plan.value(id).contribution);
      }
}

/// A buffer counts for the first layer that has it.
std::vector<PlanMemory> layer_memory(const PlanDescription& plan,
                                     std::span<const std::int64_t> buffers) {
  Ledger ledger(plan, buffers);
  std::vector<PlanMemory> layers;
  for (std::size_t layer = 0; layer < plan.layers.size(); ++layer) {
    PlanMemory& memory = layers.emplace_back();
    for_each_value_of(plan, static_cast<int>(layer), [&](ValueId id) { ledger.count(memory, id); });
  }
  return layers;
}

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
  for (int layer = 0; layer < static_cast<int>(plan.layers.size()); ++layer)
    for_each_value_of(plan, layer, [&](ValueId id) { meet(id, layer); });
  return layers;
}

std::vector<PlanLayerCosts> layer_costs(const PlanDescription& plan,
                                        const std::vector<PlanMemory>& memory, double batches) {
  std::vector<PlanLayerCosts> layers;
  for (std::size_t layer = 0; layer < plan.layers.size(); ++layer) {
    PlanLayerCosts costs{.name = plan.layers[layer].name, .memory = memory[layer]};
    for (const PlanOperation& one : plan.operations_of(static_cast<int>(layer))) {
      costs.forward += batches * one.forward.flops;
      costs.backward += batches * (one.backward.flops - recomputed_flops(one));
    }
    layers.push_back(std::move(costs));
  }
  return layers;
}

bool is_emulated(const NetworkSpec& network) {
  const auto row = precision_row(network.precision, network.execution, /*cuda=*/false);
  return row && row->emulated;
}

Json whole(double flops) { return static_cast<std::int64_t>(flops); }

}  // namespace

Json plan_memory_json(const PlanMemory& memory) {
  Json json = Json::object();
  for (const auto& [key, bytes] : kPlanMemoryParts) json[std::string(key)] = memory.*bytes;
  json["total"] = memory.total();
  return json;
}

std::int64_t& category_of(PlanMemory& memory, ValueRole role, bool of_parameter) {
  switch (role) {
    case ValueRole::input:
      return memory.input;
    case ValueRole::parameter:
      return memory.parameters;
    case ValueRole::parameter_copy:
      return memory.parameter_copies;
    case ValueRole::activation:
    case ValueRole::saved:
      return memory.activations;
    case ValueRole::gradient:
      return of_parameter ? memory.gradients : memory.activation_gradients;
    case ValueRole::running:
      return memory.running;
    case ValueRole::optimizer_state:
      return memory.optimizer;
    case ValueRole::scratch:
      return memory.scratch;
  }
  return memory.scratch;
}

PlanMemory plan_memory(const PlanDescription& plan) { return plan_memory(plan, plan.buffers); }

PlanMemory plan_memory(const PlanDescription& plan, std::span<const std::int64_t> buffers) {
  Ledger ledger(plan, buffers);
  PlanMemory memory;
  for (std::size_t i = 0; i < plan.values.size(); ++i)
    ledger.count(memory, static_cast<ValueId>(i));
  return memory;
}

LayeredMemory layered_memory(const PlanDescription& plan, std::span<const std::int64_t> buffers) {
  std::vector<std::int64_t> own(buffers.begin(), buffers.end()), shared = own;
  const std::vector<std::set<int>> layers = layers_of_buffers(plan);
  for (std::size_t i = 0; i < layers.size(); ++i) (layers[i].size() == 1 ? shared : own)[i] = 0;
  return {.own = layer_memory(plan, own), .shared = plan_memory(plan, shared)};
}

PlanCosts plan_costs(const Experiment& experiment, const PlanDescription& plan) {
  PlanCosts costs{.memory = plan_memory(plan)};
  std::int64_t weight_bytes = 4;
  for (const PlanParameter& one : plan.parameters) {
    const PlanValue& value = plan.value(one.value);
    costs.parameters += value.elements();
    costs.rules.state += static_cast<std::int64_t>(one.state.size()) * value.elements();
    weight_bytes = value.bytes() / value.elements();
  }
  // A step goes through so many batches.
  const double batches = experiment.training.accumulation;
  costs.forward = batches * plan.forward_cost().flops;
  costs.spared = batches * spared_flops(plan);
  costs.recomputed = batches * plan.recomputed_cost().flops;
  costs.backward = batches * plan.backward_cost().flops - costs.recomputed;
  const LayeredMemory layered = layered_memory(plan, plan.buffers);
  costs.layers = layer_costs(plan, layered.own, batches);
  costs.shared = layered.shared;
  costs.emulated = is_emulated(experiment.network);
  costs.optimizer = optimizer_products(experiment.training.optimizer.kind, plan);
  const Model& model = experiment.network.model;
  const std::int64_t rows = experiment.data.batch;
  costs.rules.parameters = costs.parameters;
  costs.rules.activations = rows * model.width * model.depth;
  costs.rules.flops = 6 * batches * static_cast<double>(rows * costs.parameters);
  costs.rules.bytes =
      weight_bytes * (2 * costs.parameters + costs.rules.state + costs.rules.activations);
  return costs;
}

std::string plan_costs_to_json(const Experiment& experiment, const PlanCosts& costs) {
  Json layers = Json::array();
  for (const PlanLayerCosts& layer : costs.layers)
    layers.push_back(
        {{"name", layer.name},
         {"memory", plan_memory_json(layer.memory)},
         {"flops", {{"forward", whole(layer.forward)}, {"backward", whole(layer.backward)}}}});
  return Json{{"schema", "nanscope.cost/1"},
              {"experiment", Json::parse(to_json(experiment))},
              {"parameters", costs.parameters},
              {"active_parameters", costs.parameters},
              {"flops",
               {{"forward", whole(costs.forward)},
                {"backward", whole(costs.backward)},
                {"step", whole(costs.step())},
                {"recomputed", whole(costs.recomputed)},
                {"hardware", whole(costs.hardware())},
                {"spared", whole(costs.spared)},
                {"optimizer", whole(costs.optimizer)}}},
              {"emulated", costs.emulated},
              {"memory", plan_memory_json(costs.memory)},
              {"rules",
               {{"parameters", costs.rules.parameters},
                {"activations", costs.rules.activations},
                {"optimizer", costs.rules.state},
                {"bytes", costs.rules.bytes},
                {"flops", whole(costs.rules.flops)}}},
              {"layers", std::move(layers)},
              {"shared", plan_memory_json(costs.shared)},
              {"kv_cache_bytes_per_token", 0},
              {"measured", Json()}}
             .dump(2) +
         "\n";
}

}  // namespace nanscope
