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

/// The derivative by the activation's own value a, for those that save it; "" for the others.
std::string derivative_of(Activation activation) {
  if (activation == Activation::tanh) return "1 - a * a";
  if (activation == Activation::sigmoid) return "a * (1 - a)";
  return "";
}

bool has_activation_class(const Model& model, const PrecisionText& precision) {
  return precision.rounds_results && !derivative_of(effective_activation(model)).empty();
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

std::string activation_call(const Model& model, const PrecisionText& precision) {
  const Activation activation = effective_activation(model);
  if (activation == Activation::identity) return "z";
  if (has_activation_class(model, precision)) return "Activation.apply(z)";
  return precision.elementwise(activation_of(activation, "z"));
}

}  // namespace

std::string activation_class_text(const Model& model, const PrecisionText& precision) {
  if (!has_activation_class(model, precision)) return "";
  const Activation activation = effective_activation(model);
  return fmt::format(R"(
class Activation(torch.autograd.Function):
    """{0}, rounded; the derivative {1} is that at the rounded a, as stored for backward."""

    @staticmethod
    def forward(context, z):
        a = to_format({2})
        context.save_for_backward(a)
        return a

    @staticmethod
    def backward(context, gradient):
        (a,) = context.saved_tensors
        return to_format(gradient) * ({1})
)",
                     name_of(activation), derivative_of(activation),
                     activation_of(activation, "z"));
}

std::string layer_text(const Experiment& experiment, const PrecisionText& precision) {
  const Model& model = experiment.network.model;
  const bool normed = model.norm != Norm::none;
  const bool guarded = reads_table(experiment.data) && (normed || model.residual);
  std::string text =
      fmt::format("def layer(h, weight, bias{}):\n", guarded ? ", is_input_layer" : "");
  text += fmt::format("    \"\"\"{}. Returns z, a = act(z) and the layer's output.\"\"\"\n",
                      equation(model));
  // Without anything around it the stream itself is the factor.
  const std::string plain = precision.product_input("h");
  const std::string normal =
      normed ? precision.product_input(norm_of(model.norm, precision.norm_input("h"))) : plain;
  if (normed && guarded)
    text += fmt::format("    u = {} if is_input_layer else {}\n", plain, normal);
  else if (normal != "h")
    text += fmt::format("    u = {}\n", normal);
  text += fmt::format(
      "    z = {}\n",
      precision.product(fmt::format("F.linear({}, {}{})", normal == "h" ? "h" : "u",
                                    precision.product_weight("weight"),
                                    model.bias ? ", " + precision.product_bias("bias") : "")));
  text += fmt::format("    a = {}\n", activation_call(model, precision));
  if (!model.residual) return text + "    return z, a, a\n";
  if (guarded) text += "    if is_input_layer:\n        return z, a, a\n";
  return text + fmt::format("    return z, a, {}\n", precision.elementwise("h + a"));
}

}  // namespace nanscope
