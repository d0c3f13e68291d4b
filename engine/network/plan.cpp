#include "engine/network/plan.h"

#include <unordered_map>

#include "engine/network/plan_builder.h"

namespace nanscope {

Plan::Plan(const Experiment& experiment, const PrecisionRow& precision,
           const PlanOptions& options) {
  PlanBuilder(*this, experiment, precision, options).build();
}

void Plan::forward(int layer, const Probe& probe) {
  const PlanLayer& part = layers_[layer];
  for (std::size_t i = part.first_operation; i < part.end_operation; ++i) {
    operations_[i]->forward();
    if (!probe || operations_[i]->kind() != "linear") continue;
    probe(layer, SignalTensor::preactivation, part.preactivation->data());
    // After its use: the product has brought it into the cache, and reads it faster than a probe.
    probe(layer, SignalTensor::weight, part.weight->data());
  }
  if (probe) probe(layer, SignalTensor::activation, part.activation->data());
}

void Plan::backward(int layer, const Probe& probe) {
  const PlanLayer& part = layers_[layer];
  if (probe) probe(layer, SignalTensor::activation_grad, part.activation->gradient());
  for (std::size_t i = part.end_operation; i-- > part.first_operation;) operations_[i]->backward();
  if (probe) probe(layer, SignalTensor::weight_grad, part.weight->gradient());
}

void Plan::forward(const Probe& probe) {
  for (int layer = 0; layer < static_cast<int>(layers_.size()); ++layer) forward(layer, probe);
}

void Plan::backward(const Probe& probe) {
  for (int layer = static_cast<int>(layers_.size()); layer-- > 0;) backward(layer, probe);
}

void Plan::begin_backward(const at::Tensor& upstream_gradient) {
  for (Value& value : values_) value.begin_backward();
  layers_.back().activation->add_gradient(
      [&](const at::Tensor& gradient) { gradient.copy_(upstream_gradient); });
}

Cost Plan::cost() const {
  Cost total;
  for (const auto& operation : operations_) {
    total += operation->forward_cost();
    total += operation->backward_cost();
  }
  return total;
}

std::int64_t Plan::bytes() const {
  std::unordered_map<const c10::StorageImpl*, std::int64_t> storages;
  const auto count = [&storages](const at::Tensor& tensor) {
    if (tensor.defined())
      storages[tensor.storage().unsafeGetStorageImpl()] =
          static_cast<std::int64_t>(tensor.storage().nbytes());
  };
  for (const Value& value : values_) {
    count(value.data());
    count(value.gradient());
  }
  for (const at::Tensor& tensor : scratch_) count(tensor);
  std::int64_t total = 0;
  for (const auto& [storage, bytes] : storages) total += bytes;
  return total;
}

}  // namespace nanscope
