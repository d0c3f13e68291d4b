#include "engine/plan/builder.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/plan/memory.h"

namespace nanscope {

ValueId PlanBuilder::add_value(PlanValue value, std::vector<std::int64_t> shape) {
  if (networks_ > 1) shape.insert(shape.begin(), networks_);
  value.shape = std::move(shape);
  if (value.name.empty()) value.name = value.symbol + suffix_;
  value.stored = &stored_as(*value.format, row_.emulated);
  plan_.values.push_back(std::move(value));
  return static_cast<ValueId>(plan_.values.size()) - 1;
}

void PlanBuilder::add_gradient(ValueId id, const NumberFormat& format) {
  const PlanValue& of = value(id);
  const ValueId gradient = add_value({.name = "d" + of.name,
                                      .symbol = "d" + of.symbol,
                                      .role = ValueRole::gradient,
                                      .format = &format},
                                     shape_of(id));
  plan_.values[static_cast<std::size_t>(id)].gradient = gradient;
}

ValueId PlanBuilder::add_input(const std::string& symbol, std::vector<std::int64_t> shape) {
  return add_input(symbol, std::move(shape), *row_.elementwise);
}

ValueId PlanBuilder::add_input(const std::string& symbol, std::vector<std::int64_t> shape,
                               const NumberFormat& format) {
  plan_.input =
      add_value({.name = symbol, .symbol = symbol, .role = ValueRole::input, .format = &format},
                std::move(shape));
  return plan_.input;
}

ValueId PlanBuilder::add_target(const std::string& symbol, std::vector<std::int64_t> shape,
                                const NumberFormat& format) {
  plan_.target =
      add_value({.name = symbol, .symbol = symbol, .role = ValueRole::input, .format = &format},
                std::move(shape));
  return plan_.target;
}

void PlanBuilder::add_optimizer_state(std::span<const std::string_view> symbols,
                                      bool counts_steps) {
  for (PlanParameter& parameter : plan_.parameters)
    for (const std::string_view symbol : symbols) {
      const PlanValue& of = value(parameter.value);
      parameter.state.push_back(add_value({.name = fmt::format("{}_{}", symbol, of.name),
                                           .symbol = fmt::format("{}_{}", symbol, of.symbol),
                                           .role = ValueRole::optimizer_state,
                                           .format = of.format},
                                          shape_of(parameter.value)));
    }
  if (counts_steps)
    plan_.optimizer_step = add_value({.name = "t",
                                      .symbol = "t",
                                      .role = ValueRole::optimizer_state,
                                      .format = find_format("fp32")},
                                     {});
}

ValueId PlanBuilder::add_parameter(const std::string& symbol, std::vector<std::int64_t> shape,
                                   ParameterInit init, std::int64_t fan_in, double factor) {
  const ParameterDraw draw{present_layer(), init, shape, fan_in, factor};
  const ValueId id =
      add_value({.name = "", .symbol = symbol, .role = ValueRole::parameter, .format = row_.weight},
                std::move(shape));
  add_gradient(id, *row_.weight_grad);
  plan_.parameters.push_back({id, draw});
  return id;
}

ValueId PlanBuilder::add_result(const std::string& symbol, std::vector<std::int64_t> shape,
                                const NumberFormat& format, std::vector<ValueId> sources) {
  return add_result(symbol, std::move(shape), format, format, std::move(sources));
}

ValueId PlanBuilder::add_result(const std::string& symbol, std::vector<std::int64_t> shape,
                                const NumberFormat& format, const NumberFormat& gradient_format,
                                std::vector<ValueId> sources) {
  const ValueId id =
      add_value({.name = "", .symbol = symbol, .role = ValueRole::activation, .format = &format},
                std::move(shape));
  if (std::ranges::any_of(sources, [&](ValueId source) { return needs_gradient(source); }))
    add_gradient(id, gradient_format);
  return id;
}

ValueId PlanBuilder::add_cast_of(ValueId source, const NumberFormat& format,
                                 const NumberFormat& gradient_format) {
  const std::string name = fmt::format("{}_{}", value(source).name, format.name);
  const bool of_parameter = value(source).role == ValueRole::parameter;
  const ValueId id =
      add_value({.name = name,
                 .symbol = value(source).symbol,
                 .role = of_parameter ? ValueRole::parameter_copy : ValueRole::activation,
                 .format = &format},
                shape_of(source));
  if (needs_gradient(source)) add_gradient(id, gradient_format);
  return id;
}

ValueId PlanBuilder::add_saved(const std::string& symbol, std::vector<std::int64_t> shape,
                               const NumberFormat& format) {
  return add_value({.name = "", .symbol = symbol, .role = ValueRole::saved, .format = &format},
                   std::move(shape));
}

ValueId PlanBuilder::add_scratch(const std::string& symbol, std::vector<std::int64_t> shape,
                                 const NumberFormat& format) {
  return add_value({.name = "", .symbol = symbol, .role = ValueRole::scratch, .format = &format},
                   std::move(shape));
}

RunningStatistics PlanBuilder::add_running(std::int64_t features, const NumberFormat& format) {
  const auto add = [&](const char* symbol) {
    return add_value({.name = "", .symbol = symbol, .role = ValueRole::running, .format = &format},
                     {features});
  };
  const RunningStatistics running{.mean = add("running_mean"), .variance = add("running_var")};
  plan_.running.push_back(running);
  return running;
}

std::vector<std::int64_t> PlanBuilder::shape_of(ValueId id) const {
  std::vector<std::int64_t> shape = value(id).shape;
  if (networks_ > 1) shape.erase(shape.begin());
  return shape;
}

ValueId PlanBuilder::add_operation(PlanOperation operation) {
  operation.layer = present_layer();
  const ValueId output = operation.outputs.front();
  if (operation.equation.empty()) {
    const std::vector<std::string> inputs = plan_.names(operation.inputs);
    operation.equation = value(output).name + " = " + fill(operation.formula, inputs, inputs);
  }
  plan_.operations.push_back(std::move(operation));
  return output;
}

void PlanBuilder::begin_layer(std::string name, std::string suffix) {
  suffix_ = std::move(suffix);
  PlanLayer layer;
  layer.name = std::move(name);
  layer.first_operation = static_cast<int>(plan_.operations.size());
  plan_.layers.push_back(std::move(layer));
}

int PlanBuilder::complete_from(ValueId value) const {
  const auto has = [value](const std::vector<ValueId>& ids) {
    return std::ranges::find(ids, value) != ids.end();
  };
  const auto count = static_cast<int>(plan_.operations.size());
  for (int i = plan_.layers.back().first_operation; i < count; ++i) {
    const PlanOperation& operation = plan_.operations[static_cast<std::size_t>(i)];
    if (has(operation.outputs)) return i + 1;
    if (has(operation.inputs)) return i;
  }
  return count;
}

void PlanBuilder::add_tap(std::string_view name, ValueId value) {
  plan_.layers.back().taps.push_back({.name = std::string(name),
                                      .value = value,
                                      .operation = static_cast<int>(plan_.operations.size()) - 1,
                                      .gradient_from = complete_from(value)});
}

void PlanBuilder::end_layer() {
  plan_.layers.back().end_operation = static_cast<int>(plan_.operations.size());
  suffix_.clear();
}

void PlanBuilder::recompute_in(int segments) {
  const auto layers = static_cast<int>(plan_.layers.size());
  segments = std::min(segments, layers);
  for (int i = 0; i + 1 < segments; ++i)
    plan_.recomputed.push_back({i * layers / segments, (i + 1) * layers / segments});
}

PlanDescription PlanBuilder::finish(ValueId output, GradientPolicy gradients) && {
  plan_.output = output;
  plan_.gradients = gradients;
  assign_buffers(plan_);
  return std::move(plan_);
}

}  // namespace nanscope
