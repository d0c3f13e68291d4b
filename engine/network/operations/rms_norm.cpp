#include "engine/network/operations/rms_norm.h"

#include <ATen/ops/mean.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sub.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

std::unique_ptr<Operation> RmsNorm::make(const OperationParts& parts) {
  return std::make_unique<RmsNorm>(*parts.inputs[0], *parts.outputs[0], parts.saved[1],
                                   Scratch{parts.scratch[0], parts.scratch[1], parts.scratch[2]},
                                   parts.inputs.size() > 1 ? parts.inputs[1] : nullptr);
}

void RmsNorm::forward(const PassContext& /*context*/) {
  auto& [h, square, mean] = scratch_;
  h.copy_(input_.data());
  at::mul_out(square, h, h);
  at::mean_out(rrms_, square, {-1}, /*keepdim=*/true);
  rrms_.add_(kNormEpsilon).rsqrt_();
  h.mul_(rrms_);
  if (scale_ != nullptr) h.mul_(scale_row_);
  output_.data().copy_(h);
  output_.round_data();
}

void RmsNorm::backward(const PassContext& /*context*/) {
  at::Tensor &n = scratch_.first, &product = scratch_.second, &mean = scratch_.mean;
  const at::Tensor& du = output_.gradient();
  n.copy_(input_.data()).mul_(rrms_);
  if (scale_ != nullptr)
    scale_->add_gradient([&](const at::Tensor& dg) {
      at::mul_out(product, n, du);
      dg.copy_(product.sum(-2));
    });
  // In the precision of the computation: ATen would round du g to the type of the two.
  const auto write_dn = [&] { product.copy_(du).mul_(scale_row_); };
  input_.add_gradient([&](const at::Tensor& dh) {
    if (scale_ == nullptr) {
      at::mul_out(product, n, du);
    } else {
      write_dn();
      product.mul_(n);
    }
    at::mean_out(mean, product, {-1}, /*keepdim=*/true);
    n.mul_(mean);
    if (scale_ == nullptr) {
      at::sub_out(product, du, n);
    } else {
      write_dn();
      product.sub_(n);
    }
    dh.copy_(product.mul_(rrms_));
  });
}

}  // namespace nanscope
