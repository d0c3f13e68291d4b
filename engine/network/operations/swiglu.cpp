#include "engine/network/operations/swiglu.h"

#include <ATen/ops/mul.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>

namespace nanscope {

std::unique_ptr<Operation> Swiglu::make(const OperationParts& parts) {
  return std::make_unique<Swiglu>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0]);
}

void Swiglu::forward(const PassContext& /*context*/) {
  at::Tensor product = output_.data();
  at::silu_out(product, gate_.data());
  output_.round_data();
  product.mul_(value_.data());
  output_.round_data();
}

void Swiglu::backward(const PassContext& /*context*/) {
  const at::Tensor& dh = output_.gradient();
  value_.add_gradient([&](at::Tensor gradient) {
    at::silu_out(gradient, gate_.data());
    gradient.mul_(dh);
  });
  gate_.add_gradient([&](at::Tensor gradient) {
    at::mul_out(gradient, dh, value_.data());
    at::silu_backward_out(gradient, gradient, gate_.data());
  });
}

}  // namespace nanscope
