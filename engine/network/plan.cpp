#include "engine/network/plan.h"

#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include <algorithm>

namespace nanscope {
namespace {

std::unique_ptr<Operation> make_operation(const OperationParts& parts,
                                          std::span<const OperationKind> kinds) {
  const auto found = std::ranges::find(kinds, parts.operation.kind, &OperationKind::kind);
  TORCH_CHECK(found != kinds.end(), "nothing runs an operation of kind ", parts.operation.kind);
  return found->make(parts);
}

}  // namespace

std::vector<at::Tensor> make_buffers(const PlanDescription& description, at::Device device) {
  std::vector<at::Tensor> buffers(description.buffers.size());
  for (const PlanValue& one : description.values) {
    at::Tensor& buffer = buffers[static_cast<std::size_t>(one.buffer)];
    if (!buffer.defined())
      buffer =
          at::empty(one.shape, at::TensorOptions().dtype(own_type(*one.stored)).device(device));
  }
  return buffers;
}

Plan::Plan(std::shared_ptr<const PlanDescription> description, at::Device device,
           std::span<const OperationKind> kinds)
    : Plan(description, make_buffers(*description, device), kinds) {}

Plan::Plan(std::shared_ptr<const PlanDescription> description, std::vector<at::Tensor> buffers,
           std::span<const OperationKind> kinds)
    : description_(std::move(description)),
      buffers_(std::move(buffers)),
      generators_(description_->recomputed.size()) {
  std::vector<at::Tensor> tensors;
  for (const PlanValue& one : description_->values) {
    const at::Tensor& buffer = buffers_[static_cast<std::size_t>(one.buffer)];
    tensors.push_back(buffer.sizes() == one.shape ? buffer : buffer.view(one.shape));
    values_.emplace_back(one.name, tensors.back(), *one.format);
  }
  const auto tensor = [&tensors](ValueId id) {
    return id == kNoValue ? at::Tensor() : tensors[static_cast<std::size_t>(id)];
  };
  for (std::size_t id = 0; id < values_.size(); ++id) {
    const ValueId gradient = description_->values[id].gradient;
    if (gradient == kNoValue) continue;
    const PlanValue& of = description_->value(gradient);
    values_[id].set_gradient(tensor(gradient), *of.format, tensor(of.contribution));
  }
  for (const PlanOperation& operation : description_->operations)
    operations_.push_back(make_operation(parts_of(operation), kinds));
}

OperationParts Plan::parts_of(const PlanOperation& operation) {
  OperationParts parts{operation, description_->networks, {}, {}, {}, {}};
  const auto value = [this](ValueId id) { return &values_[static_cast<std::size_t>(id)]; };
  for (const ValueId id : operation.inputs) parts.inputs.push_back(value(id));
  for (const ValueId id : operation.outputs) parts.outputs.push_back(value(id));
  for (const ValueId id : operation.saved) parts.saved.push_back(value(id)->data());
  for (const ValueId id : operation.scratch) parts.scratch.push_back(value(id)->data());
  return parts;
}

const Value* Plan::find(int layer, std::string_view tap) const {
  const PlanTap* found = description_->find_tap(layer, tap);
  return found == nullptr ? nullptr : &value(found->value);
}

void Plan::run(int operation, Direction direction, const PassContext& context) {
  Operation& one = *operations_[static_cast<std::size_t>(operation)];
  OperationWatch* const watch = context.watch;
  if (watch) context.again ? watch->before_again(operation) : watch->before(operation, direction);
  direction == Direction::forward ? one.forward(context) : one.backward(context);
  if (watch) context.again ? watch->after_again(operation) : watch->after(operation, direction);
}

void Plan::forward(int layer, const Probe& probe, const PassContext& context) {
  const PlanLayer& part = description_->layers[static_cast<std::size_t>(layer)];
  for (std::size_t i = 0; i < generators_.size(); ++i)
    if (description_->recomputed[i].first_layer == layer) keep_generator(i, context);
  for (int i = part.first_operation; i < part.end_operation; ++i) {
    run(i, Direction::forward, context);
    if (!probe) continue;
    for (const PlanTap& one : part.taps)
      if (one.operation == i) probe(layer, one, Direction::forward, value(one.value).data());
  }
}

void Plan::backward(int layer, const Probe& probe, const PassContext& context) {
  const PlanLayer& part = description_->layers[static_cast<std::size_t>(layer)];
  const auto look = [&](int operation) {
    if (!probe) return;
    for (const PlanTap& one : part.taps)
      if (one.gradient_from == operation && value(one.value).needs_gradient())
        probe(layer, one, Direction::backward, value(one.value).gradient());
  };
  for (std::size_t i = 0; i < generators_.size(); ++i)
    if (description_->recomputed[i].end_layer == layer + 1) recompute(i, context);
  look(part.end_operation);
  for (int i = part.end_operation; i-- > part.first_operation;) {
    run(i, Direction::backward, context);
    look(i);
  }
}

void Plan::keep_generator(std::size_t segment, const PassContext& context) {
  const auto& [first, end] = description_->recomputed[segment];
  bool draws = false;
  for (int layer = first; layer < end; ++layer)
    for (const PlanOperation& one : description_->operations_of(layer)) draws |= one.dropped > 0;
  if (draws && context.generator.defined()) generators_[segment] = context.generator.clone();
}

void Plan::recompute(std::size_t segment, PassContext context) {
  const auto& [first, end] = description_->recomputed[segment];
  context.again = true;
  context.generator = generators_[segment];
  const int begin = description_->layers[static_cast<std::size_t>(first)].first_operation;
  const int stop = description_->layers[static_cast<std::size_t>(end - 1)].end_operation;
  for (int i = begin; i < stop; ++i)
    if (description_->operations[static_cast<std::size_t>(i)].recomputed)
      run(i, Direction::forward, context);
}

void Plan::forward(const Probe& probe, const PassContext& context) {
  for (int layer = 0; layer < layers(); ++layer) forward(layer, probe, context);
}

void Plan::backward(const Probe& probe, const PassContext& context) {
  for (int layer = layers(); layer-- > 0;) backward(layer, probe, context);
}

void Plan::begin_backward(const at::Tensor& upstream_gradient) {
  const bool accumulates = description_->gradients == GradientPolicy::owned;
  for (std::size_t id = 0; id < values_.size(); ++id)
    if (!accumulates || description_->values[id].role != ValueRole::parameter)
      values_[id].forget_gradient();
  values_[static_cast<std::size_t>(description_->output)].add_gradient(
      [&](const at::Tensor& gradient) { gradient.copy_(upstream_gradient); });
}

void Plan::forget_parameter_gradients() {
  for (std::size_t id = 0; id < values_.size(); ++id)
    if (description_->values[id].role == ValueRole::parameter) values_[id].forget_gradient();
}

std::int64_t Plan::bytes() const {
  std::int64_t total = 0;
  for (const at::Tensor& buffer : buffers_) total += static_cast<std::int64_t>(buffer.nbytes());
  return total;
}

}  // namespace nanscope
