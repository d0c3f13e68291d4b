#include <fmt/format.h>

#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

/// How many units of a bounded activation are at its flat ends; "" for the others.
std::string saturated_text(Activation activation) {
  if (activation == Activation::tanh) return "count(a.abs() > 0.97)";
  if (activation == Activation::sigmoid) return "count((2 * a.double() - 1).abs() > 0.97)";
  return "";
}

/// X and R.
std::string signals_text(const DataSpec& data) {
  std::string text;
  if (reads_table(data.kind)) {
    text += "X = table[torch.randperm(len(table))[:batch]]\n";
  } else {
    text += "X = torch.randn(batch, width)\n";
    if (data.kind == DataKind::constant_norm)
      text += "X = X / torch.linalg.vector_norm(X, dim=1, keepdim=True) * math.sqrt(width)\n";
  }
  return text + "R = torch.randn(len(X), width)\n";
}

std::string passes_text(const NetworkSpec& network, const DataSpec& data,
                        const PrecisionText& precision) {
  const Model& model = network.model;
  const bool guarded = reads_table(data.kind) && (model.norm != Norm::none || model.residual);
  return fmt::format(R"(
# Forward, then backward from the loss L = sum(h * R), whose gradient at the output is R.
h = {}
steps = []
for name, weight, bias in parameters:
    z, a, h = layer(h, weight, bias{})
    h.retain_grad()
    steps.append((name, weight, z, a, h))
(h * {}).sum().backward()
)",
                     precision.signal("X"), guarded ? ", name == \"input\"" : "",
                     precision.signal("R"));
}

}  // namespace

std::string parameters_text(const NetworkSpec& network, const DataSpec& data,
                            const PrecisionText& precision, const std::string& take_targets,
                            const std::string& seed) {
  const Model& model = network.model;
  const bool table = reads_table(data.kind);
  std::string text = fmt::format(R"(
# All draws are made in float32 and in this order, so that a seed means the same in every precision.
depth, width, batch = {}, {}, {}
gain = {}
torch.manual_seed({})
)",
                                 model.depth, model.width, data.batch, network.init.gain,
                                 seed.empty() ? fmt::format("{}", network.seed) : seed);
  if (table)
    text += "table = read_table()\n" + take_targets +
            R"(fan_ins = [("input", table.shape[1])] if table.shape[1] != width else []
fan_ins += [(f"linear {i}", width) for i in range(1, depth + 1)]
)";
  text += "parameters = []\n";
  text += table ? "for name, fan_in in fan_ins:\n" : "for i in range(1, depth + 1):\n";
  text += fmt::format("    weight = {}.requires_grad_()\n",
                      precision.parameter(fmt::format("(draw_weight(width, {}) * gain)",
                                                      table ? "fan_in" : "width")));
  text += model.bias ? fmt::format("    bias = {}.requires_grad_()\n",
                                   precision.parameter(fmt::format("(torch.randn(width) * {})",
                                                                   network.init.bias_std)))
                     : "";
  text += fmt::format("    parameters.append(({}, weight, {}))\n",
                      table ? "name" : "f\"linear {i}\"", model.bias ? "bias" : "None");
  return text;
}

std::string json_number_text() {
  return R"(
def number(x):
    """JSON has no word for what is not finite; a string stands in."""
    x = x.item()
    return x if math.isfinite(x) else str(x)
)";
}

std::string statistics_text(double clips) {
  const std::string saturated = clips > 0 ? fmt::format("count(size == {})", clips) : "0";
  return json_number_text() + fmt::format(R"(

def count(condition):
    return int(condition.sum())


def statistics(x, format):
    """Of all elements, in double; var is the biased variance."""
    smallest_normal = torch.finfo(format).smallest_normal
    x = x.detach().double()
    size = x.abs()
    mean = x.mean()
    return {{
        "mean": number(mean),
        "var": number((x - mean).square().mean()),
        "rms": number(x.square().mean().sqrt()),
        "absmax": number(size.max()),
        "zeros": count(x == 0),
        "subnormals": count((size > 0) & (size < smallest_normal)),
        "infs": count(x.isinf()),
        "positive_infs": count(x.isposinf()),
        "negative_infs": count(x.isneginf()),
        "nans": count(x.isnan()),
        "saturated": {},
        "count": x.numel(),
    }}
)",
                                          saturated);
}

std::string first_nonfinite_text() {
  return R"(
def first_nonfinite(layers):
    """The first tensor with an infinity or a NaN, in the order in which the passes make them."""
    order = [("forward", layer, tensor) for layer in layers
             for tensor in ("weight", "preactivation", "activation")]
    order += [("backward", layer, tensor) for layer in reversed(layers)
              for tensor in ("activation_grad", "weight_grad")]
    for direction, layer, tensor in order:
        for value, key in (("inf", "positive_infs"), ("-inf", "negative_infs"), ("nan", "nans")):
            if layer[tensor][key] > 0:
                return {"pass": direction, "layer": layer["name"], "tensor": tensor, "value": value}
    return None
)";
}

std::string main_text(const NetworkSpec& network, const DataSpec& data,
                      const PrecisionText& precision) {
  const std::string saturated = saturated_text(effective_activation(network.model));
  const std::string text = parameters_text(network, data, precision) + signals_text(data) +
                           passes_text(network, data, precision);
  return text + fmt::format(R"(
layers = []
for name, weight, z, a, h in steps:
    layers.append({{
        "name": name,
        "shape": list(h.shape),
        "preactivation": statistics(z, {0}),
        "activation": statistics(h, {0}){2},
        "activation_grad": statistics({3}, {0}),
        "weight": statistics(weight, {1}),
        "weight_grad": statistics(weight.grad, {1}),
    }})
print(json.dumps({{
    "schema": "nanscope.signal/1",
    "experiment": experiment,
    "device": "cpu",
    "layers": layers,
    "first_nonfinite": first_nonfinite(layers),
}}))
)",
                            precision.signal_format, precision.parameter_format,
                            saturated.empty() ? "" : " | {\"saturated\": " + saturated + "}",
                            precision.measured_gradient("h.grad"));
}

}  // namespace nanscope
