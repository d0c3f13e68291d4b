#include "engine/network/operations/cross_entropy.h"

#include <ATen/ops/_log_softmax.h>
#include <ATen/ops/_log_softmax_backward_data.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sum.h>

namespace nanscope {

std::unique_ptr<Operation> CrossEntropy::make(const OperationParts& parts) {
  return std::make_unique<CrossEntropy>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0],
                                        parts.saved[1], parts.scratch[0]);
}

void CrossEntropy::forward(const PassContext& /*context*/) {
  at::_log_softmax_out(logarithm_, prediction_.data(), -1, /*half_to_float=*/false);
  at::mul_out(scratch_, logarithm_, target_.data());
  at::Tensor loss = loss_.data();
  at::sum_out(loss, scratch_, at::IntArrayRef{});
  loss.div_(-static_cast<double>(logarithm_.size(0)));
}

void CrossEntropy::backward(const PassContext& /*context*/) {
  // dL/d logp is -t / B, from which autograd's own kernel goes on.
  at::mul_out(scratch_, target_.data(), loss_.gradient());
  scratch_.div_(-static_cast<double>(logarithm_.size(0)));
  prediction_.add_gradient([&](at::Tensor dy) {
    at::_log_softmax_backward_data_out(dy, scratch_, logarithm_, -1, logarithm_.scalar_type());
  });
}

}  // namespace nanscope
