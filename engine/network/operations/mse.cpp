#include "engine/network/operations/mse.h"

#include <ATen/core/Reduction.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/mse_loss_backward.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sub.h>

namespace nanscope {

std::unique_ptr<Operation> MeanSquaredError::make(const OperationParts& parts) {
  return std::make_unique<MeanSquaredError>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0],
                                            parts.scratch[0]);
}

void MeanSquaredError::forward(const PassContext& /*context*/) {
  // at::mse_loss_out() would make a tensor of the squares.
  at::sub_out(square_, prediction_.data(), target_.data());
  at::mul_out(square_, square_, square_);
  at::Tensor loss = loss_.data();
  at::mean_out(loss, square_, at::IntArrayRef{});
}

void MeanSquaredError::backward(const PassContext& /*context*/) {
  prediction_.add_gradient([&](at::Tensor dy) {
    at::mse_loss_backward_out(dy, loss_.gradient(), prediction_.data(), target_.data(),
                              at::Reduction::Mean);
  });
}

}  // namespace nanscope
