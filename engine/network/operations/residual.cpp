#include "engine/network/operations/residual.h"

#include <ATen/ops/add.h>

namespace nanscope {

std::unique_ptr<Operation> Residual::make(const OperationParts& parts) {
  return std::make_unique<Residual>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0]);
}

void Residual::forward(const PassContext& /*context*/) {
  at::Tensor sum = output_.data();
  at::add_out(sum, stream_.data(), branch_.data());
  output_.round_data();
}

void Residual::backward(const PassContext& /*context*/) {
  for (Value* part : {&stream_, &branch_}) {
    if (part->gradient().is_same(output_.gradient())) continue;
    part->add_gradient([&](const at::Tensor& gradient) { gradient.copy_(output_.gradient()); });
  }
}

}  // namespace nanscope
