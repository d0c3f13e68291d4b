#include "engine/network/operations/softmax.h"

#include <ATen/ops/_softmax.h>
#include <ATen/ops/_softmax_backward_data.h>

namespace nanscope {

std::unique_ptr<Operation> Softmax::make(const OperationParts& parts) {
  return std::make_unique<Softmax>(*parts.inputs[0], *parts.outputs[0]);
}

void Softmax::forward(const PassContext& /*context*/) {
  at::Tensor probabilities = output_.data();
  at::_softmax_out(probabilities, scores_.data(), -1, /*half_to_float=*/false);
  output_.round_data();
}

void Softmax::backward(const PassContext& /*context*/) {
  scores_.add_gradient([&](at::Tensor gradient) {
    at::_softmax_backward_data_out(gradient, output_.gradient(), output_.data(), -1,
                                   output_.data().scalar_type());
  });
}

}  // namespace nanscope
