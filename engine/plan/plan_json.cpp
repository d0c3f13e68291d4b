#include "engine/plan/plan_json.h"

#include <nlohmann/json.hpp>

#include "engine/experiment/json.h"

namespace nanscope {
namespace {

using PlanJson = nlohmann::ordered_json;

/// Model FLOPs are whole numbers, and written as such.
PlanJson cost_json(const Cost& cost) {
  return {{"flops", static_cast<std::int64_t>(cost.flops)},
          {"bytes_read", cost.bytes_read},
          {"bytes_written", cost.bytes_written}};
}

PlanJson operation_json(const PlanDescription& plan, std::size_t index) {
  const PlanOperation& one = plan.operations[index];
  std::vector<ValueId> scratch = one.scratch;
  scratch.insert(scratch.end(), one.parts.begin(), one.parts.end());
  return {{"index", index},
          {"kind", one.kind},
          {"layer", plan.layers[static_cast<std::size_t>(one.layer)].name},
          {"inputs", plan.names(one.inputs)},
          {"outputs", plan.names(one.outputs)},
          {"saved", plan.names(one.saved)},
          {"scratch", plan.names(scratch)},
          {"equation", one.equation},
          {"backward_equation", one.backward_equation},
          {"pytorch", plan.value(one.outputs.front()).name + " = " +
                          fill(one.pytorch, plan.names(one.inputs), plan.names(one.inputs))},
          {"forward", cost_json(one.forward)},
          {"backward", cost_json(one.backward)},
          {"recomputed", one.recomputed}};
}

PlanJson parameter_json(const PlanDescription& plan, const PlanParameter& one) {
  return {{"name", plan.value(one.value).name},
          {"shape", one.draw.shape},
          {"init", name_of(one.draw.init)},
          {"fan_in", one.draw.fan_in}};
}

PlanJson value_json(const PlanValue& value) {
  return {
      {"name", value.name},           {"role", name_of(value.role)},     {"shape", value.shape},
      {"format", value.format->name}, {"stored_as", value.stored->name}, {"bytes", value.bytes()},
      {"buffer", value.buffer}};
}

}  // namespace

std::string plan_to_json(const Experiment& experiment, const PlanDescription& plan, int indent) {
  PlanJson operations = PlanJson::array(), values = PlanJson::array(), roles = PlanJson::object(),
           parameters = PlanJson::array();
  for (std::size_t i = 0; i < plan.operations.size(); ++i)
    operations.push_back(operation_json(plan, i));
  for (const PlanValue& value : plan.values) values.push_back(value_json(value));
  for (const PlanParameter& one : plan.parameters) parameters.push_back(parameter_json(plan, one));
  for (const auto& [role, bytes] : plan.bytes_by_role()) roles[std::string(name_of(role))] = bytes;
  return PlanJson{{"schema", "nanscope.plan/1"},
                  {"experiment", PlanJson::parse(to_json(experiment))},
                  {"operations", std::move(operations)},
                  {"values", std::move(values)},
                  {"parameters", std::move(parameters)},
                  {"gradients", name_of(plan.gradients)},
                  {"total",
                   {{"forward", cost_json(plan.forward_cost())},
                    {"backward", cost_json(plan.backward_cost())},
                    {"bytes", plan.bytes()},
                    {"bytes_by_role", std::move(roles)},
                    // As "cost.memory" of `nanscope signal` names them.
                    {"memory",
                     {{"plan", plan.bytes()},
                      {"draws", plan.draw_bytes().parameters},
                      {"input", plan.draw_bytes().input}}}}}}
      .dump(indent);
}

}  // namespace nanscope
