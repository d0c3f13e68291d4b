#include "engine/network/operations/batch_norm.h"

#include <ATen/ops/mean.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sub.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

std::unique_ptr<Operation> BatchNorm::make(const OperationParts& parts) {
  Running running;
  if (parts.inputs.size() == 3) running = {parts.inputs[1]->data(), parts.inputs[2]->data()};
  return std::make_unique<BatchNorm>(*parts.inputs[0], *parts.outputs[0], parts.saved[1],
                                     parts.saved[2], std::move(running),
                                     Scratch{parts.scratch[0], parts.scratch[1], parts.scratch[2]});
}

void BatchNorm::centre_by_batch(const at::Tensor& h) {
  at::Tensor& square = scratch_.second;
  at::mean_out(mean_, h, {-2}, /*keepdim=*/true);
  h.sub_(mean_);
  at::mul_out(square, h, h);
  at::mean_out(rstd_, square, {-2}, /*keepdim=*/true);
}

void BatchNorm::keep_running() {
  const auto rows = static_cast<double>(input_.data().size(-2));
  running_.mean.mul_(1 - kRunningShare).add_(mean_.squeeze(-2), kRunningShare);
  running_.variance.mul_(1 - kRunningShare)
      .add_(rstd_.squeeze(-2), kRunningShare * rows / (rows - 1));
}

void BatchNorm::forward(const PassContext& context) {
  at::Tensor& h = scratch_.first;
  h.copy_(input_.data());
  if (context.training || !running_.mean.defined()) {
    centre_by_batch(h);
    if (running_.mean.defined() && !context.again) keep_running();
  } else {
    h.sub_(running_.mean.unsqueeze(-2));
    rstd_.copy_(running_.variance.unsqueeze(-2));
  }
  rstd_.add_(kNormEpsilon).rsqrt_();
  output_.data().copy_(h.mul_(rstd_));
  output_.round_data();
}

void BatchNorm::backward(const PassContext& /*context*/) {
  input_.add_gradient([&](const at::Tensor& dh) {
    auto& [u, product, of_batch] = scratch_;
    const at::Tensor du = output_.gradient();
    u.copy_(input_.data()).sub_(mean_).mul_(rstd_);
    at::mul_out(product, u, du);
    at::mean_out(of_batch, product, {-2}, /*keepdim=*/true);
    at::sub_out(product, du, u.mul_(of_batch));
    at::mean_out(of_batch, du, {-2}, /*keepdim=*/true, of_batch.scalar_type());
    dh.copy_(product.sub_(of_batch).mul_(rstd_));
  });
}

}  // namespace nanscope
