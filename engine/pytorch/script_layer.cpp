#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "engine/plan/operations/operations.h"
#include "engine/pytorch/script_parts.h"

namespace nanscope {
namespace {

/// The activation that rounding cuts in two: backward reads the rounded result.
bool needs_class(Activation activation, const PrecisionText& precision) {
  return precision.rounds_results && activation_text(activation).pytorch_derivative[0] != '\0';
}

/// Writes def layer() from the operations of one layer of a plan. Casts are no lines of their own:
/// the precision's wrappers stand for them.
class LayerWriter {
 public:
  LayerWriter(const PlanDescription& plan, int layer, const PrecisionText& precision)
      : plan_(plan), layer_(layer), precision_(precision) {
    for (const PlanOperation& one : plan.operations_of(layer)) {
      if (one.rule == PrecisionRule::cast)
        source_[one.outputs[0]] = source(one.inputs[0]);
      else
        operations_.push_back(&one);
      has_norm_ |= one.rule == PrecisionRule::norm;
    }
    name_taps();
  }

  std::string text(bool has_input_layer) {
    const bool guarded = has_input_layer && (has_norm_ || adds_to_stream());
    std::string body;
    for (const PlanOperation* one : operations_)
      if (one != operations_.back() || !adds_to_stream()) body += line(*one, guarded);
    if (value_of(tap::preactivation) == branch()) {
      body += "    a = z\n";
      names_[branch()] = "a";
    }
    if (adds_to_stream() && guarded) body += "    if is_input_layer:\n        return z, a, a\n";
    body += fmt::format("    return z, a, {}\n",
                        adds_to_stream() ? expression(*operations_.back()) : "a");
    return fmt::format("def layer(h, weight, bias{}{}):\n", guarded ? ", is_input_layer" : "",
                       plan_.running.empty() ? "" : ", running_mean, running_var") +
           fmt::format("    \"\"\"{}. Returns z, a = act(z) and the layer's output.\"\"\"\n",
                       in_short(value_of(tap::activation))) +
           body;
  }

 private:
  /// The value that a cast is of.
  ValueId source(ValueId id) const {
    const auto found = source_.find(id);
    return found == source_.end() ? id : found->second;
  }
  ValueId value_of(std::string_view tap) const {
    const PlanTap* found = plan_.find_tap(layer_, tap);
    return found == nullptr ? kNoValue : found->value;
  }
  bool adds_to_stream() const { return value_of(tap::branch) != kNoValue; }
  /// act(z), whether or not something is added to it.
  ValueId branch() const { return value_of(adds_to_stream() ? tap::branch : tap::activation); }

  void name_taps() {
    names_[branch()] = "a";
    names_[value_of(tap::preactivation)] = "z";
    names_[value_of(tap::weight)] = "weight";
    names_[value_of(tap::bias)] = "bias";
  }

  const PlanOperation* maker_of(ValueId id) const {
    for (const PlanOperation* one : operations_)
      if (one->outputs[0] == id) return one;
    return nullptr;
  }

  /// A value's name in Python; what comes from outside the layer is the stream h.
  std::string name(ValueId id) const {
    if (plan_.value(id).role == ValueRole::running) return plan_.value(id).symbol;
    const auto known = names_.find(source(id));
    if (known != names_.end()) return known->second;
    return maker_of(source(id)) == nullptr ? "h" : plan_.value(source(id)).symbol;
  }

  /// Whether this is the first factor of the layer's product.
  bool enters_product(ValueId id) const {
    return std::ranges::any_of(operations_, [&](const PlanOperation* one) {
      return one->rule == PrecisionRule::product && source(one->inputs[0]) == id;
    });
  }

  /// What an operation takes as its input, as Python.
  std::string operand(const PlanOperation& operation, std::size_t input) const {
    const std::string plain = name(operation.inputs[input]);
    if (operation.rule == PrecisionRule::norm) return precision_.norm_input(plain);
    if (operation.rule != PrecisionRule::product) return plain;
    if (input == 1) return precision_.product_weight(plain);
    if (input == 2) return precision_.product_bias(plain);
    // What is computed in the layer was wrapped there, and the stream in a line of its own.
    return maker_of(source(operation.inputs[0])) != nullptr || precision_.product_input("h") == "h"
               ? plain
               : "u";
  }

  std::string expression(const PlanOperation& operation) const {
    std::vector<std::string> operands, names;
    for (std::size_t i = 0; i < operation.inputs.size(); ++i) {
      operands.push_back(operand(operation, i));
      names.push_back(name(operation.inputs[i]));
    }
    const auto activation = nanscope::value_of<Activation>(operation.kind);
    if (activation && needs_class(*activation, precision_))
      return fmt::format("Activation.apply({})", operands[0]);
    const std::string plain = fill(operation.pytorch, operands, names);
    if (operation.rule == PrecisionRule::product) return precision_.product(plain);
    if (enters_product(operation.outputs[0])) return precision_.product_input(plain);
    return precision_.elementwise(plain);
  }

  std::string line(const PlanOperation& operation, bool guarded) const {
    const std::string stream = precision_.product_input("h");
    std::string text;
    if (operation.rule == PrecisionRule::product && operand(operation, 0) == "u" &&
        maker_of(source(operation.inputs[0])) == nullptr)
      text = fmt::format("    u = {}\n", stream);
    const bool skipped = guarded && operation.rule == PrecisionRule::norm;
    return text + fmt::format("    {} = {}{}\n", name(operation.outputs[0]),
                              skipped ? stream + " if is_input_layer else " : "",
                              expression(operation));
  }

  /// A value as one formula of the layer's inputs.
  std::string in_short(ValueId id) const {
    if (const PlanOperation* maker = maker_of(source(id))) {
      std::vector<std::string> inputs;
      for (const ValueId input : maker->inputs) inputs.push_back(in_short(input));
      return fill(maker->formula, inputs, inputs);
    }
    return plan_.value(source(id)).role == ValueRole::parameter ? plan_.value(source(id)).symbol
                                                                : "h";
  }

  const PlanDescription& plan_;
  int layer_;
  const PrecisionText& precision_;
  std::vector<const PlanOperation*> operations_;  ///< without casts
  std::map<ValueId, ValueId> source_;             ///< of casts
  std::map<ValueId, std::string> names_;
  bool has_norm_ = false;
};

}  // namespace

std::string activation_class_text(const Model& model, const PrecisionText& precision) {
  const Activation activation = effective_activation(model);
  if (!needs_class(activation, precision)) return "";
  const ActivationText& text = activation_text(activation);
  const std::vector<std::string> z{"z"};
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
                     name_of(activation), text.pytorch_derivative, fill(text.pytorch, z, z));
}

std::string layer_text(const PlanDescription& plan, int layer, const PrecisionText& precision,
                       bool has_input_layer) {
  return LayerWriter(plan, layer, precision).text(has_input_layer);
}

}  // namespace nanscope
