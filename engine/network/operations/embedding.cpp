#include "engine/network/operations/embedding.h"

#include <ATen/Dispatch.h>
#include <c10/util/Exception.h>

#include <cstring>

namespace nanscope {
namespace {

/// Calls take(row of the output, row of the table), both counted over all networks.
template <class Take>
void for_each_token(const at::Tensor& tokens, const at::Tensor& table, const Take& take) {
  const std::int64_t entries = table.size(-2), networks = table.numel() / entries / table.size(-1);
  const std::int64_t rows = tokens.numel() / networks;
  const auto* token = tokens.const_data_ptr<float>();
  for (std::int64_t n = 0; n < networks; ++n)
    for (std::int64_t row = n * rows; row < (n + 1) * rows; ++row) {
      TORCH_CHECK_INDEX(token[row] >= 0 && token[row] < static_cast<float>(entries), "token ",
                        token[row], " is not in a vocabulary of ", entries);
      take(row, n * entries + static_cast<std::int64_t>(token[row]));
    }
}

}  // namespace

std::unique_ptr<Operation> Embedding::make(const OperationParts& parts) {
  return std::make_unique<Embedding>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0]);
}

void Embedding::forward(const PassContext& /*context*/) {
  const at::Tensor &table = table_.data(), &rows = output_.data();
  const std::size_t bytes = table.nbytes() / static_cast<std::size_t>(table.numel()) *
                            static_cast<std::size_t>(table.size(-1));
  const auto* from = static_cast<const char*>(table.const_data_ptr());
  auto* to = static_cast<char*>(rows.mutable_data_ptr());
  for_each_token(tokens_.data(), table, [&](std::int64_t row, std::int64_t entry) {
    std::memcpy(to + static_cast<std::size_t>(row) * bytes,
                from + static_cast<std::size_t>(entry) * bytes, bytes);
  });
}

void Embedding::backward(const PassContext& /*context*/) {
  // One row after the other, which is also the order of ATen's sum.
  table_.add_gradient([&](const at::Tensor& gradient) {
    gradient.zero_();
    const at::Tensor& rows = output_.gradient();
    const std::int64_t width = gradient.size(-1);
    AT_DISPATCH_FLOATING_TYPES_AND2(
        at::kHalf, at::kBFloat16, gradient.scalar_type(), "embedding_backward", [&] {
          const auto* from = rows.const_data_ptr<scalar_t>();
          auto* to = gradient.mutable_data_ptr<scalar_t>();
          for_each_token(tokens_.data(), gradient, [&](std::int64_t row, std::int64_t entry) {
            for (std::int64_t i = 0; i < width; ++i)
              to[entry * width + i] =
                  static_cast<scalar_t>(to[entry * width + i] + from[row * width + i]);
          });
        });
  });
}

}  // namespace nanscope
