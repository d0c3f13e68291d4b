#include "engine/network/operations/rotary.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/mul.h>

#include <cmath>

namespace nanscope {

std::unique_ptr<Operation> RotaryTurns::make(const OperationParts& parts) {
  return std::make_unique<RotaryTurns>(*parts.outputs[0], *parts.outputs[1]);
}

void RotaryTurns::forward(const PassContext& /*context*/) {
  const std::int64_t length = cos_.data().size(-2), pairs = cos_.data().size(-1);
  const at::Tensor angles = at::empty({length, pairs}, at::kDouble);
  auto* to = angles.mutable_data_ptr<double>();
  for (std::int64_t t = 0; t < length; ++t)
    for (std::int64_t i = 0; i < pairs; ++i)
      *to++ = static_cast<double>(t) /
              std::pow(10000.0, static_cast<double>(i) / static_cast<double>(pairs));
  cos_.data().copy_(angles.cos());  // to every network
  sin_.data().copy_(angles.sin());
  cos_.round_data();
  sin_.round_data();
}

std::unique_ptr<Operation> Rotary::make(const OperationParts& parts) {
  return std::make_unique<Rotary>(*parts.inputs[0], *parts.inputs[1], *parts.inputs[2],
                                  *parts.outputs[0]);
}

void Rotary::turn(const at::Tensor& from, const at::Tensor& to, double sign) const {
  const std::int64_t length = cos_.data().size(-2), pairs = cos_.data().size(-1);
  // (B,T,heads,D/2), for angles (1,T,1,D/2).
  const auto half = [&](const at::Tensor& rows, std::int64_t which) {
    return rows.unflatten(-1, {-1, 2 * pairs})
        .unflatten(-3, {-1, length})
        .narrow(-1, which * pairs, pairs);
  };
  const at::Tensor cos = cos_.data().unsqueeze(-2).unsqueeze(-4);
  const at::Tensor sin = sin_.data().unsqueeze(-2).unsqueeze(-4);
  const at::Tensor first = half(from, 0), second = half(from, 1);
  at::Tensor turned_first = half(to, 0), turned_second = half(to, 1);
  at::mul_out(turned_first, first, cos);
  turned_first.addcmul_(second, sin, -sign);
  at::mul_out(turned_second, second, cos);
  turned_second.addcmul_(first, sin, sign);
}

void Rotary::forward(const PassContext& /*context*/) {
  turn(rows_.data(), output_.data(), 1);
  output_.round_data();
}

void Rotary::backward(const PassContext& /*context*/) {
  rows_.add_gradient([&](const at::Tensor& gradient) { turn(output_.gradient(), gradient, -1); });
}

}  // namespace nanscope
