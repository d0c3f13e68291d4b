#include "engine/costs/plan_costs.h"

#include <set>

#include "engine/base/strict_json.h"
#include "engine/experiment/json.h"

namespace nanscope {
namespace {

/// The category that a value's buffer counts for.
std::int64_t& category_of(PlanMemory& memory, const PlanValue& value, bool of_parameter) {
  switch (value.role) {
    case ValueRole::input:
      return memory.input;
    case ValueRole::parameter:
      return memory.parameters;
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

/// The gradient of X that the first product spares, which is its product's cost once more.
double spared_flops(const PlanDescription& plan) {
  for (const PlanOperation& one : plan.operations)
    if (one.forward.flops > 0) {
      const double both = one.backward.flops - (one.recomputed ? one.forward.flops : 0);
      return 2 * one.forward.flops - both;
    }
  return 0;
}

Json plan_memory_json(const PlanMemory& memory) {
  return {{"parameters", memory.parameters},
          {"gradients", memory.gradients},
          {"optimizer", memory.optimizer},
          {"activations", memory.activations},
          {"activation_gradients", memory.activation_gradients},
          {"input", memory.input},
          {"running", memory.running},
          {"scratch", memory.scratch},
          {"total", memory.total()}};
}

Json whole(double flops) { return static_cast<std::int64_t>(flops); }

}  // namespace

PlanMemory plan_memory(const PlanDescription& plan) {
  std::set<ValueId> of_parameters;
  for (const PlanParameter& one : plan.parameters)
    of_parameters.insert(plan.value(one.value).gradient);
  PlanMemory memory;
  std::set<int> counted;
  for (std::size_t i = 0; i < plan.values.size(); ++i) {
    const PlanValue& value = plan.values[i];
    if (value.buffer < 0 || !counted.insert(value.buffer).second) continue;
    category_of(memory, value, of_parameters.contains(static_cast<ValueId>(i))) +=
        plan.buffers[static_cast<std::size_t>(value.buffer)];
  }
  return memory;
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
  costs.backward = batches * plan.backward_cost().flops;
  costs.spared = batches * spared_flops(plan);
  for (const PlanOperation& one : plan.operations)
    if (one.recomputed) costs.recomputed += batches * one.forward.flops;
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
  return Json{{"schema", "nanscope.cost/1"},
              {"experiment", Json::parse(to_json(experiment))},
              {"parameters", costs.parameters},
              {"active_parameters", costs.parameters},
              {"flops",
               {{"forward", whole(costs.forward)},
                {"backward", whole(costs.backward)},
                {"step", whole(costs.step())},
                {"recomputed", whole(costs.recomputed)},
                {"spared", whole(costs.spared)}}},
              {"memory", plan_memory_json(costs.memory)},
              {"rules",
               {{"parameters", costs.rules.parameters},
                {"activations", costs.rules.activations},
                {"optimizer", costs.rules.state},
                {"bytes", costs.rules.bytes},
                {"flops", whole(costs.rules.flops)}}},
              {"kv_cache_bytes_per_token", 0},
              {"measured", Json()}}
             .dump(2) +
         "\n";
}

}  // namespace nanscope
