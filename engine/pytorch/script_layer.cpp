#include <fmt/format.h>

#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

std::string activation_of(Activation activation, const std::string& z) {
  switch (activation) {
    case Activation::identity:
      return z;
    case Activation::relu:
      return "F.relu(" + z + ")";
    case Activation::leaky_relu:
      return "F.leaky_relu(" + z + ", 0.01)";
    case Activation::gelu:
      return "F.gelu(" + z + ")";
    case Activation::silu:
      return "F.silu(" + z + ")";
    case Activation::tanh:
      return "torch.tanh(" + z + ")";
    case Activation::sigmoid:
      return "torch.sigmoid(" + z + ")";
  }
  return z;
}

std::string norm_of(Norm norm, const std::string& h) {
  const char* function = norm == Norm::layernorm ? "F.layer_norm" : "F.rms_norm";
  return fmt::format("{}({}, h.shape[-1:], eps=1e-5)", function, h);
}

std::string equation(const Model& model) {
  const char* u = model.norm == Norm::none ? "h" : "norm(h)";
  const std::string linear = fmt::format("{} W^T{}", u, model.bias ? " + b" : "");
  const Activation activation = effective_activation(model);
  const std::string branch = activation == Activation::identity
                                 ? linear
                                 : fmt::format("{}({})", name_of(activation), linear);
  return (model.residual ? "h + " : "") + branch;
}

}  // namespace

std::string layer_text(const Experiment& experiment, const PrecisionText& precision) {
  const Model& model = experiment.model;
  const bool normed = model.norm != Norm::none;
  const bool guarded = reads_table(experiment.data) && (normed || model.residual);
  std::string text =
      fmt::format("def layer(h, weight, bias{}):\n", guarded ? ", is_input_layer" : "");
  text += fmt::format("    \"\"\"{}. Returns z, a = act(z) and the layer's output.\"\"\"\n",
                      equation(model));
  if (normed && guarded)
    text += fmt::format("    u = {} if is_input_layer else {}\n", precision.product_input("h"),
                        precision.product_input(norm_of(model.norm, precision.norm_input("h"))));
  else
    text += fmt::format(
        "    u = {}\n",
        precision.product_input(normed ? norm_of(model.norm, precision.norm_input("h")) : "h"));
  text += fmt::format(
      "    z = {}\n",
      precision.product(fmt::format("F.linear(u, {}{})", precision.product_weight("weight"),
                                    model.bias ? ", " + precision.product_bias("bias") : "")));
  const Activation activation = effective_activation(model);
  text += fmt::format("    a = {}\n", activation == Activation::identity
                                          ? "z"
                                          : precision.elementwise(activation_of(activation, "z")));
  if (!model.residual) return text + "    return z, a, a\n";
  if (guarded) text += "    if is_input_layer:\n        return z, a, a\n";
  return text + fmt::format("    return z, a, {}\n", precision.elementwise("h + a"));
}

}  // namespace nanscope
