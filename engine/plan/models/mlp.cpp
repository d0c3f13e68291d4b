#include <fmt/format.h>

#include "engine/plan/models/models.h"
#include "engine/plan/operations/operations.h"

namespace nanscope {
namespace {

/// norm(stream), in the norm's format; the stream itself without a norm.
ValueId append_norm(PlanBuilder& plan, Norm norm, ValueId stream) {
  if (norm == Norm::none) return stream;
  stream = add_cast_for_norm(plan, stream);
  if (norm == Norm::batchnorm) return add_batch_norm(plan, "u", stream);
  return norm == Norm::layernorm ? add_layer_norm(plan, "u", stream)
                                 : add_rms_norm(plan, "u", stream);
}

/// x W^T + b with the layer's parameters, each in the format that the product wants. Without an
/// activation function the pre-activation is the branch itself, and in its format.
ValueId append_product(PlanBuilder& plan, const Model& model, std::int64_t units,
                       const std::string& symbol, const NumberFormat& format, ValueId source) {
  const PrecisionRow& row = plan.row();
  const ValueId input = add_cast_for_product(plan, source, *row.linear_input);
  const std::int64_t fan_in = plan.shape_of(input).back();
  const ValueId weight = plan.add_weight("W", units, fan_in);
  const ValueId factor = add_cast_for_product(plan, weight, *row.linear_input);
  ValueId bias = kNoValue, term = kNoValue;
  if (model.bias) {
    bias = plan.add_parameter("b", {units}, ParameterInit::bias, fan_in);
    term = add_cast_for_product(plan, bias, *row.linear_output);
  }
  const ValueId z = add_linear(plan, symbol, input, factor, term, format);
  plan.add_tap(tap::preactivation, z);
  plan.add_tap(tap::weight, weight);
  if (bias != kNoValue) plan.add_tap(tap::bias, bias);
  return z;
}

ValueId append_branch(PlanBuilder& plan, const Model& model, const std::string& symbol,
                      ValueId source) {
  const Activation activation = effective_activation(model);
  if (activation == Activation::identity)
    return append_product(plan, model, model.width, symbol, *plan.row().elementwise, source);
  const ValueId z =
      append_product(plan, model, model.width, "z", *plan.row().linear_output, source);
  return add_activation(plan, symbol, activation, z);
}

/// The same behind dropout, if there is any.
ValueId append_dropped_branch(PlanBuilder& plan, const Model& model, double dropout,
                              ValueId source) {
  const char* symbol = model.residual ? "a" : "h";
  if (dropout == 0) return append_branch(plan, model, symbol, source);
  return add_dropout(plan, symbol, dropout, append_branch(plan, model, "r", source));
}

ValueId append_layer(PlanBuilder& plan, const Model& model, double dropout, ValueId stream) {
  const ValueId source = append_norm(plan, model.norm, stream);
  ValueId h = append_dropped_branch(plan, model, dropout, source);
  if (model.residual) {
    plan.add_tap(tap::branch, h);
    h = add_residual(plan, "h", stream, h);
  }
  plan.add_tap(tap::activation, h);
  return h;
}

/// From the data's width to the model's: neither norm nor residual.
ValueId append_input_layer(PlanBuilder& plan, Model model, double dropout, ValueId input) {
  model.norm = Norm::none;
  model.residual = false;
  return append_layer(plan, model, dropout, input);
}

}  // namespace

ValueId append_mlp(PlanBuilder& plan, const Model& model, ValueId input, double dropout) {
  ValueId stream = input;
  if (plan.shape_of(input).back() != model.width) {
    plan.begin_layer("input", "_in");
    stream = append_input_layer(plan, model, dropout, stream);
    plan.end_layer();
  }
  for (int layer = 1; layer <= model.depth; ++layer) {
    plan.begin_layer(fmt::format("linear {}", layer), fmt::format("{}", layer));
    stream = append_layer(plan, model, dropout, stream);
    plan.end_layer();
  }
  return stream;
}

ValueId append_head(PlanBuilder& plan, const Model& model, std::int64_t outputs, ValueId input) {
  plan.begin_layer("head", "_out");
  ValueId y = append_product(plan, model, outputs, "y", *plan.row().elementwise, input);
  y = add_cast_for_loss(plan, y);
  plan.end_layer();
  return y;
}

ValueId add_cast_for_loss(PlanBuilder& plan, ValueId prediction) {
  const NumberFormat& wide = *find_format("fp32");
  if (plan.value(prediction).format->bits() >= wide.bits()) return prediction;
  return add_cast(plan, prediction, wide, wide);
}

}  // namespace nanscope
