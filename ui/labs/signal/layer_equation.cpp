#include "ui/labs/signal/layer_equation.h"

#include <fmt/format.h>

#include <cmath>

#include "ui/labs/signal/plots/variance_data.h"
#include "ui/text/text.h"

namespace nanscope {
namespace {

bool is_input_layer(const SignalSnapshot& snapshot, int layer) {
  return layer == 0 && snapshot.layers.front().name == "input";
}

/// E[x^2] of what the layer's matrix multiplies.
double input_second_moment(const SignalSnapshot& snapshot, int layer) {
  if (snapshot.experiment.network.model.norm != Norm::none && !is_input_layer(snapshot, layer))
    return 1;
  if (layer == 0) return snapshot.input.second_moment;
  const double rms =
      snapshot.layers[static_cast<std::size_t>(layer - 1)].of(SignalTensor::activation).rms;
  return rms * rms;
}

/// FLOPs where there are any, and the bytes that are moved.
std::vector<NumberCell> cost_cells(const Cost& cost) {
  const auto moved = cost.bytes_read + cost.bytes_written;
  NumberCell bytes(fmt::format("{}", moved));
  bytes.shown = bytes_text(static_cast<double>(moved));
  if (cost.flops == 0) return {bytes};
  NumberCell flops(cost.flops);
  flops.shown = format_text("inspector.operation_flops", fmt::arg("flops", flops.shown));
  return {flops, bytes};
}

}  // namespace

std::vector<OperationLines> layer_operations(const PlanDescription& plan, int layer) {
  std::vector<OperationLines> all;
  for (const PlanOperation& one : plan.operations_of(layer)) {
    const std::vector<std::string> inputs = plan.names(one.inputs);
    all.push_back({.kind = one.kind,
                   .equation = one.equation,
                   .cost = cost_cells(one.forward),
                   .backward_equation = one.backward_equation,
                   .backward_cost = cost_cells(one.backward),
                   .pytorch = plan.value(one.outputs.front()).name + " = " +
                              fill(one.pytorch, inputs, inputs)});
  }
  return all;
}

std::vector<EquationLine> variance_equation(const SignalSnapshot& snapshot, int layer) {
  const Model& model = snapshot.experiment.network.model;
  const LayerSignal& signal = snapshot.layers[static_cast<std::size_t>(layer)];
  const int fan_in = layer == 0 ? snapshot.input.features : model.width;
  const double weight_variance = signal.of(SignalTensor::weight).variance;
  const double moment = input_second_moment(snapshot, layer);

  std::vector<EquationLine> lines;
  lines.push_back(
      {model.bias ? "Var z = fan_in Var W E[x^2] + Var b" : "Var z = fan_in Var W E[x^2]", true,
       true});
  double product = fan_in * weight_variance * moment;
  std::string numbers = fmt::format("= {} \xC2\xB7 {} \xC2\xB7 {}", fan_in,
                                    number_text(weight_variance), number_text(moment));
  if (model.bias) {
    const double bias_variance =
        snapshot.experiment.network.init.bias_std * snapshot.experiment.network.init.bias_std;
    product += bias_variance;
    numbers += fmt::format(" + {}", number_text(bias_variance));
  }
  const bool beyond = std::isinf(product) && std::isfinite(moment);
  numbers += beyond ? " " + predicted_text(product) : " = " + number_text(product);
  lines.push_back({numbers, false, true});
  const double measured = signal.of(SignalTensor::preactivation).variance;
  lines.push_back(
      {.words = format_text("inspector.measured_value", fmt::arg("value", number_text(measured))),
       .number = fmt::format("{}", measured)});
  return lines;
}

}  // namespace nanscope
