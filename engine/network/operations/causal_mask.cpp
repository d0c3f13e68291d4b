#include "engine/network/operations/causal_mask.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>

#include <algorithm>

namespace nanscope {
namespace {

/// Copies of (..,T,Tk) what a query sees: the keys that are no later. The rest becomes `hidden`.
void copy_seen(const at::Tensor& from, const at::Tensor& to, double hidden) {
  const std::int64_t queries = to.size(-2), keys = to.size(-1);
  constexpr std::int64_t kGrain = 1 << 15;  // elements that are worth a thread
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, to.scalar_type(), "causal_mask", [&] {
    const auto* source = from.const_data_ptr<scalar_t>();
    auto* target = to.mutable_data_ptr<scalar_t>();
    const auto outside = static_cast<scalar_t>(static_cast<float>(hidden));
    const auto copy = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t row = begin; row < end; ++row) {
        const std::int64_t seen =
            std::clamp<std::int64_t>(row % queries + 1 + keys - queries, 0, keys);
        std::copy_n(source + row * keys, seen, target + row * keys);
        std::fill_n(target + row * keys + seen, keys - seen, outside);
      }
    };
    at::parallel_for(0, to.numel() / keys, std::max<std::int64_t>(kGrain / keys, 1), copy);
  });
}

}  // namespace

std::unique_ptr<Operation> CausalMask::make(const OperationParts& parts) {
  return std::make_unique<CausalMask>(*parts.inputs[0], *parts.outputs[0], parts.operation.masked);
}

void CausalMask::forward(const PassContext& /*context*/) {
  copy_seen(scores_.data(), output_.data(), masked_);
  output_.round_data();
}

void CausalMask::backward(const PassContext& /*context*/) {
  scores_.add_gradient(
      [&](const at::Tensor& gradient) { copy_seen(output_.gradient(), gradient, 0); });
}

}  // namespace nanscope
