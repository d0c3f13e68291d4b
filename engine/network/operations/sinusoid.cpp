#include "engine/network/operations/sinusoid.h"

#include <ATen/ops/empty.h>

#include <cmath>

namespace nanscope {

std::unique_ptr<Operation> Sinusoid::make(const OperationParts& parts) {
  return std::make_unique<Sinusoid>(*parts.outputs[0]);
}

void Sinusoid::forward(const PassContext& /*context*/) {
  const at::Tensor& places = output_.data();
  const std::int64_t length = places.size(-2), width = places.size(-1);
  const at::Tensor wide = at::empty({length, width}, at::kDouble);
  auto* to = wide.mutable_data_ptr<double>();
  for (std::int64_t t = 0; t < length; ++t)
    for (std::int64_t i = 0; i < width; ++i) {
      const auto pair = static_cast<double>(i / 2 * 2);
      const double angle =
          static_cast<double>(t) / std::pow(10000.0, pair / static_cast<double>(width));
      *to++ = i % 2 == 0 ? std::sin(angle) : std::cos(angle);
    }
  places.copy_(wide);  // to every network
  output_.round_data();
}

void Sinusoid::backward(const PassContext& /*context*/) {}

}  // namespace nanscope
