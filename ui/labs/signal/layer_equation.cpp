#include "ui/labs/signal/layer_equation.h"

#include <fmt/format.h>

#include "ui/text/text.h"

namespace nanscope {
namespace {

bool is_input_layer(const SignalSnapshot& snapshot, int layer) {
  return layer == 0 && snapshot.layers.front().name == "input";
}

/// "h + relu(z)", "relu(z)".
std::string output_formula(const Model& model, bool input_layer) {
  const Activation activation = effective_activation(model);
  const std::string applied = activation == Activation::identity
                                  ? std::string("z")
                                  : fmt::format("{}(z)", name_of(activation));
  return model.residual && !input_layer ? "h + " + applied : applied;
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

}  // namespace

std::vector<EquationLine> layer_equation(const SignalSnapshot& snapshot, int layer) {
  const Model& model = snapshot.experiment.network.model;
  const LayerSignal& signal = snapshot.layers[static_cast<std::size_t>(layer)];
  const bool input_layer = is_input_layer(snapshot, layer);
  const bool normed = model.norm != Norm::none && !input_layer;
  const std::string fed = normed ? fmt::format("{}(h)", name_of(model.norm)) : std::string("h");
  const int fan_in = layer == 0 ? snapshot.input.features : model.width;
  const double weight_variance = signal.of(SignalTensor::weight).variance;
  const double moment = input_second_moment(snapshot, layer);

  std::vector<EquationLine> lines;
  lines.push_back({fmt::format("x  = {}", fed)});
  lines.push_back({fmt::format("z  = W x{}", model.bias ? " + b" : "")});
  lines.push_back({fmt::format("h' = {}", output_formula(model, input_layer))});
  lines.push_back({model.bias ? "Var z = fan_in Var W E[x\xC2\xB2] + Var b"
                              : "Var z = fan_in Var W E[x\xC2\xB2]",
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
  lines.push_back({numbers + fmt::format(" = {}", number_text(product))});
  lines.push_back({format_text(
      "inspector.measured_value",
      fmt::arg("value", number_text(signal.of(SignalTensor::preactivation).variance)))});
  return lines;
}

}  // namespace nanscope
