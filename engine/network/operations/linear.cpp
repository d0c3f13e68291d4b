#include "engine/network/operations/linear.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>
#include <c10/util/Exception.h>

namespace nanscope {

std::unique_ptr<Operation> Linear::make(const OperationParts& parts) {
  Value* bias = parts.inputs.size() > 2 ? parts.inputs[2] : nullptr;
  return std::make_unique<Linear>(*parts.inputs[0], *parts.inputs[1], bias, *parts.outputs[0],
                                  parts.networks, parts.inputs[0]->format(),
                                  parts.scratch.empty() ? at::Tensor() : parts.scratch[0]);
}

Linear::Linear(Value& input, Value& weight, Value* bias, Value& output, std::int64_t networks,
               const NumberFormat& factor_format, at::Tensor delta_scratch)
    : input_(input),
      weight_(weight),
      bias_(bias),
      output_(output),
      batched_(networks > 1),
      factor_format_(factor_format),
      delta_scratch_(std::move(delta_scratch)),
      weight_transposed_(weight.data().transpose(-2, -1)) {
  TORCH_CHECK(input.data().dim() == (batched_ ? 3 : 2),
              "a linear layer reads rows: (B,C), or (N,B,C) of N networks");
  if (bias_ != nullptr) bias_row_ = bias_->data().unsqueeze(-2);
}

void Linear::multiply(const at::Tensor& result, const at::Tensor& a, const at::Tensor& b) const {
  at::Tensor out = result;
  if (batched_)
    at::bmm_out(out, a, b);
  else
    at::mm_out(out, a, b);
}

void Linear::forward(const PassContext& /*context*/) {
  at::Tensor z = output_.data();
  if (bias_ == nullptr)
    multiply(z, input_.data(), weight_transposed_);
  else if (batched_)
    at::baddbmm_out(z, bias_row_, input_.data(), weight_transposed_);
  else
    at::addmm_out(z, bias_row_, input_.data(), weight_transposed_);
  output_.round_data();
}

void Linear::backward(const PassContext& /*context*/) {
  at::Tensor delta = output_.gradient();
  if (bias_ != nullptr) bias_->add_gradient([&](at::Tensor db) { at::sum_out(db, delta, {-2}); });
  delta = as_factor(delta, delta_scratch_, factor_format_);
  input_.add_gradient([&](const at::Tensor& dx) { multiply(dx, delta, weight_.data()); });
  // Last, so that it is still in the cache when a probe measures it.
  weight_.add_gradient([&](const at::Tensor& dw) {
    multiply(dw, delta.transpose(-2, -1), input_.data());  // (out,B) (B,in)
  });
}

}  // namespace nanscope
