#include "engine/network/operations/token_cross_entropy.h"

#include <ATen/Dispatch.h>
#include <ATen/ops/_log_softmax.h>
#include <ATen/ops/exp.h>
#include <c10/util/Exception.h>

#include <vector>

namespace nanscope {
namespace {

/// Calls take(row, class) for each row that counts, and returns how many do.
template <class Take>
std::int64_t for_each_target(const at::Tensor& target, std::int64_t classes, const Take& take) {
  const auto* index = target.const_data_ptr<float>();
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < target.numel(); ++row) {
    if (index[row] < 0) continue;
    TORCH_CHECK_INDEX(index[row] < static_cast<float>(classes), "target ", index[row],
                      " is none of ", classes, " classes");
    take(row, static_cast<std::int64_t>(index[row]));
    ++count;
  }
  return count;
}

}  // namespace

std::unique_ptr<Operation> TokenCrossEntropy::make(const OperationParts& parts) {
  return std::make_unique<TokenCrossEntropy>(*parts.inputs[0], *parts.inputs[1], *parts.outputs[0],
                                             parts.saved[1]);
}

void TokenCrossEntropy::forward(const PassContext& /*context*/) {
  at::_log_softmax_out(logarithm_, prediction_.data(), -1, /*half_to_float=*/false);
  const std::int64_t classes = logarithm_.size(-1);
  double sum = 0;
  AT_DISPATCH_FLOATING_TYPES(logarithm_.scalar_type(), "token_cross_entropy", [&] {
    const auto* logarithm = logarithm_.const_data_ptr<scalar_t>();
    const std::int64_t count =
        for_each_target(target_.data(), classes, [&](std::int64_t row, std::int64_t of_row) {
          sum -= static_cast<double>(logarithm[row * classes + of_row]);
        });
    loss_.data().fill_(sum / static_cast<double>(count));
  });
}

void TokenCrossEntropy::backward(const PassContext& /*context*/) {
  const std::int64_t classes = logarithm_.size(-1);
  prediction_.add_gradient([&](at::Tensor dy) {
    at::exp_out(dy, logarithm_);
    AT_DISPATCH_FLOATING_TYPES(dy.scalar_type(), "token_cross_entropy_backward", [&] {
      auto* to = dy.mutable_data_ptr<scalar_t>();
      std::vector<std::int64_t> of_rows(static_cast<std::size_t>(target_.data().numel()), -1);
      const std::int64_t count =
          for_each_target(target_.data(), classes, [&](std::int64_t row, std::int64_t of_row) {
            of_rows[static_cast<std::size_t>(row)] = of_row;
          });
      const auto each =
          static_cast<scalar_t>(loss_.gradient().item<double>() / static_cast<double>(count));
      for (std::size_t row = 0; row < of_rows.size(); ++row, to += classes) {
        const scalar_t factor = of_rows[row] < 0 ? scalar_t(0) : each;
        for (std::int64_t i = 0; i < classes; ++i) to[i] *= factor;
        if (of_rows[row] >= 0) to[of_rows[row]] -= each;
      }
    });
  });
}

}  // namespace nanscope
