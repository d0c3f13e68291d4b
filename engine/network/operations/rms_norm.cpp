#include "engine/network/operations/rms_norm.h"

#include <ATen/ops/mean.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sub.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

std::unique_ptr<Operation> RmsNorm::make(const OperationParts& parts) {
  return std::make_unique<RmsNorm>(*parts.inputs[0], *parts.outputs[0], parts.saved[1],
                                   Scratch{parts.scratch[0], parts.scratch[1], parts.scratch[2]});
}

void RmsNorm::forward(const PassContext& /*context*/) {
  auto& [h, square, mean] = scratch_;
  h.copy_(input_.data());
  at::mul_out(square, h, h);
  at::mean_out(rrms_, square, {-1}, /*keepdim=*/true);
  rrms_.add_(kNormEpsilon).rsqrt_();
  output_.data().copy_(h.mul_(rrms_));
  output_.round_data();
}

void RmsNorm::backward(const PassContext& /*context*/) {
  input_.add_gradient([&](const at::Tensor& dh) {
    auto& [u, product, mean] = scratch_;
    u.copy_(input_.data()).mul_(rrms_);
    at::mul_out(product, u, output_.gradient());
    at::mean_out(mean, product, {-1}, /*keepdim=*/true);
    at::sub_out(product, output_.gradient(), u.mul_(mean));
    dh.copy_(product.mul_(rrms_));
  });
}

}  // namespace nanscope
