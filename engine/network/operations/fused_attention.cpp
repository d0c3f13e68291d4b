#include "engine/network/operations/fused_attention.h"

#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu.h>
#include <ATen/ops/_scaled_dot_product_flash_attention_for_cpu_backward.h>

namespace nanscope {

std::unique_ptr<Operation> FusedAttention::make(const OperationParts& parts) {
  return std::make_unique<FusedAttention>(*parts.inputs[0], *parts.inputs[1], *parts.inputs[2],
                                          *parts.outputs[0], parts.saved[4]);
}

FusedAttention::FusedAttention(Value& queries, Value& keys, Value& values, Value& output,
                               at::Tensor logarithm)
    : queries_(queries),
      keys_(keys),
      values_(values),
      output_(output),
      logarithm_(std::move(logarithm)),
      heads_(logarithm_.size(-1)),
      width_(queries.data().size(-1) / heads_) {}

at::Tensor FusedAttention::heads(const at::Tensor& rows) const {
  const std::int64_t length = logarithm_.size(-2), kv_heads = rows.size(-1) / width_;
  return rows.view({-1, length, kv_heads, 1, width_})
      .expand({-1, -1, -1, heads_ / kv_heads, -1})
      .permute({0, 2, 3, 1, 4})
      .reshape({-1, heads_, length, width_});
}

void FusedAttention::forward(const PassContext& /*context*/) {
  const auto [o, logarithm] = at::_scaled_dot_product_flash_attention_for_cpu(
      heads(queries_.data()), heads(keys_.data()), heads(values_.data()), /*dropout_p=*/0,
      /*is_causal=*/true);
  heads(output_.data()).copy_(o);
  output_.round_data();
  // (N B,heads,T)
  logarithm_.view({-1, logarithm_.size(-2), heads_}).copy_(logarithm.transpose(1, 2));
}

void FusedAttention::add_gradient(Value& rows, const at::Tensor& of_heads) const {
  rows.add_gradient([&](const at::Tensor& gradient) {
    const std::int64_t length = logarithm_.size(-2), kv_heads = gradient.size(-1) / width_;
    const at::Tensor grouped =
        of_heads.unflatten(1, {kv_heads, -1});  // (N B,kv_heads,heads that share one,T,D)
    gradient.view({-1, length, kv_heads, width_})
        .copy_(grouped.size(2) == 1 ? of_heads.transpose(1, 2) : grouped.sum(2).transpose(1, 2));
  });
}

void FusedAttention::backward(const PassContext& /*context*/) {
  const at::Tensor logarithm = logarithm_.view({-1, logarithm_.size(-2), heads_}).transpose(1, 2);
  const auto [dq, dk, dv] = at::_scaled_dot_product_flash_attention_for_cpu_backward(
      heads(output_.gradient()), heads(queries_.data()), heads(keys_.data()), heads(values_.data()),
      heads(output_.data()), logarithm, /*dropout_p=*/0,
      /*is_causal=*/true);
  add_gradient(queries_, dq);
  add_gradient(keys_, dk);
  add_gradient(values_, dv);
}

}  // namespace nanscope
