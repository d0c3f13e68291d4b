#include "engine/network/operations/cast.h"

namespace nanscope {

std::unique_ptr<Operation> Cast::make(const OperationParts& parts) {
  return std::make_unique<Cast>(*parts.inputs[0], *parts.outputs[0]);
}

void Cast::forward(const PassContext& /*context*/) {
  output_.data().copy_(input_.data());
  output_.round_data();
}

void Cast::backward(const PassContext& /*context*/) {
  if (input_.gradient().is_same(output_.gradient())) return;
  input_.add_gradient([&](const at::Tensor& dx) { dx.copy_(output_.gradient()); });
}

}  // namespace nanscope
