#include "engine/network/operations/layer_norm.h"

#include <ATen/ops/native_layer_norm.h>
#include <ATen/ops/native_layer_norm_backward.h>

#include "engine/plan/operations/operations.h"

namespace nanscope {

std::unique_ptr<Operation> LayerNorm::make(const OperationParts& parts) {
  return std::make_unique<LayerNorm>(*parts.inputs[0], *parts.outputs[0], parts.saved[1],
                                     parts.saved[2]);
}

void LayerNorm::forward(const PassContext& /*context*/) {
  at::Tensor normalized = output_.data();
  at::native_layer_norm_out(normalized, mean_, rstd_, input_.data(), {input_.data().size(-1)}, {},
                            {}, kNormEpsilon);
  output_.round_data();
}

void LayerNorm::backward(const PassContext& /*context*/) {
  input_.add_gradient([&](const at::Tensor& dh) {
    // The out-variant wants gradients of scale and shift, which are not there.
    dh.copy_(std::get<0>(at::native_layer_norm_backward(output_.gradient(), input_.data(),
                                                        {input_.data().size(-1)}, mean_, rstd_, {},
                                                        {}, {true, false, false})));
  });
}

}  // namespace nanscope
