#include "engine/network/plan_builder.h"

#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include "engine/network/activation.h"
#include "engine/network/cast.h"
#include "engine/network/linear.h"
#include "engine/network/norm_layer.h"
#include "engine/network/norm_rms.h"
#include "engine/network/residual.h"

namespace nanscope {

PlanBuilder::PlanBuilder(Plan& plan, const Experiment& experiment, const PrecisionRow& precision,
                         const PlanOptions& options)
    : plan_(plan), experiment_(experiment), row_(precision), options_(options) {}

void PlanBuilder::build() {
  plan_.input_ = &add_value("X", {experiment_.data.batch, options_.features}, *row_.elementwise,
                            *row_.elementwise, Gradient::none, "");
  Value* stream = plan_.input_;
  if (options_.features != experiment_.network.model.width)
    stream = &add_layer("input", "_in", *stream, /*is_input_layer=*/true);
  for (int layer = 1; layer <= experiment_.network.model.depth; ++layer)
    stream = &add_layer(fmt::format("linear {}", layer), fmt::format("{}", layer), *stream, false);
  for (const auto& [key, buffer] : shared_) plan_.scratch_.push_back(buffer);
}

Value& PlanBuilder::add_layer(const std::string& name, const std::string& suffix, Value& stream,
                              bool is_input_layer) {
  PlanLayer layer{.name = name, .first_operation = plan_.operations_.size()};
  const bool residual = experiment_.network.model.residual && !is_input_layer;
  Value& source = is_input_layer ? stream : normalized(stream, suffix);
  Value& input = factor(source, *row_.linear_input, "x");

  const std::int64_t units = experiment_.network.model.width;
  const std::int64_t fan_in = source.data().size(-1);
  layer.weight = &add_value("W" + suffix, {units, fan_in}, *row_.weight, *row_.weight_grad,
                            Gradient::single, "W");
  Value& weight = factor(*layer.weight, *row_.linear_input, "W cast");
  Value* bias = nullptr;
  if (experiment_.network.model.bias) {
    layer.bias =
        &add_value("b" + suffix, {units}, *row_.weight, *row_.weight_grad, Gradient::single, "b");
    bias = &factor(*layer.bias, *row_.linear_output, "b cast");
  }

  add_outputs(layer, suffix, residual);
  Value& z = *layer.preactivation;
  const bool rounds_delta = row_.emulated && row_.linear_input != &z.gradient_format() &&
                            row_.linear_input != row_.linear_output;
  add_operation<Linear>(input, weight, bias, z, *row_.linear_input,
                        rounds_delta
                            ? scratch("delta", z.gradient().sizes(), z.gradient().scalar_type())
                            : at::Tensor());
  add_operation<Activate>(effective_activation(experiment_.network.model), z, *layer.branch);
  if (residual) add_operation<Residual>(stream, *layer.branch, *layer.activation);
  layer.end_operation = plan_.operations_.size();
  plan_.layers_.push_back(layer);
  return *layer.activation;
}

void PlanBuilder::add_outputs(PlanLayer& layer, const std::string& suffix, bool residual) {
  const std::vector<std::int64_t> shape{experiment_.data.batch, experiment_.network.model.width};
  // Two buffers take turns: a layer's backward reads dL/dh_l and writes dL/dh_{l-1}.
  const std::string turn = plan_.layers_.size() % 2 == 0 ? "h even" : "h odd";
  Value& h =
      add_value("h" + suffix, shape, *row_.elementwise, *row_.elementwise,
                experiment_.network.model.residual ? Gradient::summed : Gradient::single, turn);
  Value& a =
      residual ? add_alias("a" + suffix, allocate(h.data().sizes(), h.data().scalar_type()), h) : h;
  layer.activation = &h;
  layer.branch = &a;
  layer.preactivation = effective_activation(experiment_.network.model) == Activation::identity
                            ? &add_alias("z" + suffix, a.data(), a)
                            : &add_value("z" + suffix, shape, *row_.linear_output,
                                         *row_.linear_output, Gradient::single, "z");
}

Value& PlanBuilder::normalized(Value& stream, const std::string& suffix) {
  if (experiment_.network.model.norm == Norm::none) return stream;
  const NumberFormat& format = *row_.norm_output;
  Value* input = &stream;
  const at::ScalarType type = storage_type(format, row_.emulated);
  if (type != stream.data().scalar_type()) {
    input = &add_value(fmt::format("{}_{}", stream.name(), format.name), sizes_of(stream), format,
                       format, single_if_needed(stream), "norm input");
    add_operation<Cast>(stream, *input);
  }
  Value& u =
      add_value("u" + suffix, sizes_of(stream), format, format, single_if_needed(stream), "u");
  if (experiment_.network.model.norm == Norm::layernorm) {
    add_operation<LayerNorm>(*input, u);
  } else {
    const at::IntArrayRef sizes = input->data().sizes();
    const at::ScalarType wide = RmsNorm::computation_type(input->data());
    add_operation<RmsNorm>(
        *input, u,
        RmsNorm::Scratch{scratch("rms first", sizes, wide), scratch("rms second", sizes, wide)});
  }
  return u;
}

Value& PlanBuilder::factor(Value& value, const NumberFormat& format, const std::string& slot) {
  const bool same_storage = storage_type(format, row_.emulated) == value.data().scalar_type();
  if (same_storage && (!row_.emulated || &value.format() == &format)) return value;
  const at::ScalarType gradient_type = storage_type(*row_.linear_output, row_.emulated);
  const bool share = value.needs_gradient() && !value.sums_gradients() &&
                     &value.gradient_format() == row_.linear_output &&
                     value.gradient().scalar_type() == gradient_type;
  const std::string name = fmt::format("{}_{}", value.name(), format.name);
  const at::Tensor data = allocate(value.data().sizes(), storage_type(format, row_.emulated));
  Value& cast = plan_.values_.emplace_back(name, data, format);
  if (share)
    cast.set_gradient(value.gradient(), *row_.linear_output);
  else if (value.needs_gradient())
    cast.set_gradient(gradient_buffer(slot, data.sizes(), gradient_type), *row_.linear_output);
  add_operation<Cast>(value, cast);
  return cast;
}

PlanBuilder::Gradient PlanBuilder::single_if_needed(const Value& source) {
  return source.needs_gradient() ? Gradient::single : Gradient::none;
}

std::vector<std::int64_t> PlanBuilder::sizes_of(const Value& value) const {
  const at::IntArrayRef sizes = value.data().sizes();
  return (experiment_.network.networks > 1 ? sizes.slice(1) : sizes).vec();
}

Value& PlanBuilder::add_value(const std::string& name, std::vector<std::int64_t> shape,
                              const NumberFormat& format, const NumberFormat& gradient_format,
                              Gradient gradient, const std::string& slot) {
  if (experiment_.network.networks > 1) shape.insert(shape.begin(), experiment_.network.networks);
  Value& value = plan_.values_.emplace_back(
      name, allocate(shape, storage_type(format, row_.emulated)), format);
  if (gradient == Gradient::none) return value;
  const at::Tensor buffer =
      gradient_buffer(slot, shape, storage_type(gradient_format, row_.emulated));
  value.set_gradient(
      buffer, gradient_format,
      gradient == Gradient::summed ? scratch("sum", shape, buffer.scalar_type()) : at::Tensor());
  return value;
}

Value& PlanBuilder::add_alias(const std::string& name, const at::Tensor& data,
                              const Value& gradient_of) {
  Value& value = plan_.values_.emplace_back(name, data, gradient_of.format());
  value.set_gradient(gradient_of.gradient(), gradient_of.gradient_format());
  return value;
}

at::Tensor PlanBuilder::allocate(at::IntArrayRef shape, at::ScalarType type) const {
  return at::empty(shape, at::TensorOptions().dtype(type).device(options_.device));
}

at::Tensor PlanBuilder::gradient_buffer(const std::string& slot, at::IntArrayRef shape,
                                        at::ScalarType type) {
  if (options_.keep_gradients) return allocate(shape, type);
  at::Tensor& buffer = shared_[{slot, shape.vec(), type}];
  if (!buffer.defined()) buffer = allocate(shape, type);
  return buffer;
}

at::Tensor PlanBuilder::scratch(const std::string& slot, at::IntArrayRef shape,
                                at::ScalarType type) {
  at::Tensor& buffer = shared_[{"scratch " + slot, shape.vec(), type}];
  if (!buffer.defined()) buffer = allocate(shape, type);
  return buffer;
}

}  // namespace nanscope
