#include "engine/network/operations/dropout.h"

#include <ATen/ops/mul.h>

namespace nanscope {

std::unique_ptr<Operation> Dropout::make(const OperationParts& parts) {
  return std::make_unique<Dropout>(*parts.inputs[0], *parts.outputs[0], parts.saved[0],
                                   parts.operation.dropped);
}

void Dropout::forward(const PassContext& context) {
  at::Tensor kept = output_.data();
  if (context.training) {
    mask_.bernoulli_(kept_, context.generator).div_(kept_);
    at::mul_out(kept, input_.data(), mask_);
  } else {
    kept.copy_(input_.data());
  }
  output_.round_data();
}

void Dropout::backward(const PassContext& /*context*/) {
  input_.add_gradient(
      [&](at::Tensor gradient) { at::mul_out(gradient, output_.gradient(), mask_); });
}

}  // namespace nanscope
