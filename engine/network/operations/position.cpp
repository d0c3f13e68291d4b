#include "engine/network/operations/position.h"

#include <ATen/ops/add.h>
#include <ATen/ops/sum.h>

namespace nanscope {
namespace {

/// Rows (B T,C) as (B,T,C), with the T and C of a table.
at::Tensor sequences(const at::Tensor& rows, const at::Tensor& table) {
  return rows.unflatten(-2, {-1, table.size(-2)});
}

}  // namespace

std::unique_ptr<Operation> Position::make(const OperationParts& parts) {
  return std::make_unique<Position>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0]);
}

void Position::forward(const PassContext& /*context*/) {
  const at::Tensor& table = table_.data();
  at::Tensor sum = sequences(output_.data(), table);
  at::add_out(sum, sequences(stream_.data(), table), table.unsqueeze(-3));
  output_.round_data();
}

void Position::backward(const PassContext& /*context*/) {
  table_.add_gradient([&](at::Tensor gradient) {
    at::sum_out(gradient, sequences(output_.gradient(), gradient), {-3});
  });
  if (!stream_.needs_gradient() || stream_.gradient().is_same(output_.gradient())) return;
  stream_.add_gradient([&](const at::Tensor& gradient) { gradient.copy_(output_.gradient()); });
}

}  // namespace nanscope
