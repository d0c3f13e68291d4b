#include "engine/network/operations/layer_norm.h"

#include <ATen/ops/native_layer_norm.h>
#include <ATen/ops/native_layer_norm_backward.h>

#include <array>
#include <optional>
#include <vector>

#include "engine/plan/operations/operations.h"

namespace nanscope {
namespace {

/// Rows, statistics (dim 2) or what is learned (dim 1), each with the dimension of networks.
at::Tensor by_network(const at::Tensor& tensor, std::int64_t dim) {
  return tensor.dim() == dim ? tensor.unsqueeze(0) : tensor;
}

}  // namespace

std::unique_ptr<Operation> LayerNorm::make(const OperationParts& parts) {
  const Learned learned{.scale = parts.inputs.size() > 1 ? parts.inputs[1] : nullptr,
                        .shift = parts.inputs.size() > 2 ? parts.inputs[2] : nullptr};
  return std::make_unique<LayerNorm>(*parts.inputs[0], *parts.outputs[0], parts.saved[1],
                                     parts.saved[2], learned);
}

void LayerNorm::forward(const PassContext& /*context*/) {
  if (learned_.scale != nullptr) return forward_learned();
  at::Tensor normalized = output_.data();
  at::native_layer_norm_out(normalized, mean_, rstd_, input_.data(), {input_.data().size(-1)}, {},
                            {}, kNormEpsilon);
  output_.round_data();
}

void LayerNorm::backward(const PassContext& /*context*/) {
  if (learned_.scale != nullptr) return backward_learned();
  input_.add_gradient([&](const at::Tensor& dh) {
    // The out-variant wants gradients of scale and shift, which are not there.
    dh.copy_(std::get<0>(at::native_layer_norm_backward(output_.gradient(), input_.data(),
                                                        {input_.data().size(-1)}, mean_, rstd_, {},
                                                        {}, {true, false, false})));
  });
}

void LayerNorm::forward_learned() {
  const at::Tensor u = by_network(output_.data(), 2), h = by_network(input_.data(), 2);
  const at::Tensor mean = by_network(mean_, 2), rstd = by_network(rstd_, 2);
  const at::Tensor scale = by_network(learned_.scale->data(), 1);
  for (std::int64_t n = 0; n < h.size(0); ++n) {
    at::Tensor out = u[n], means = mean[n], rstds = rstd[n];
    std::optional<at::Tensor> shift;
    if (learned_.shift != nullptr) shift = by_network(learned_.shift->data(), 1)[n];
    at::native_layer_norm_out(out, means, rstds, h[n], {h.size(-1)}, scale[n], shift, kNormEpsilon);
  }
  output_.round_data();
}

void LayerNorm::backward_learned() {
  const at::Tensor du = by_network(output_.gradient(), 2), h = by_network(input_.data(), 2);
  const at::Tensor mean = by_network(mean_, 2), rstd = by_network(rstd_, 2);
  const at::Tensor scale = by_network(learned_.scale->data(), 1);
  std::vector<std::array<at::Tensor, 3>> gradients;  // of rows, scale and shift
  for (std::int64_t n = 0; n < h.size(0); ++n) {
    std::optional<at::Tensor> shift;
    if (learned_.shift != nullptr) shift = by_network(learned_.shift->data(), 1)[n];
    auto [rows, scales, shifts] =
        at::native_layer_norm_backward(du[n], h[n], {h.size(-1)}, mean[n], rstd[n], scale[n], shift,
                                       {input_.needs_gradient(), true, learned_.shift != nullptr});
    gradients.push_back({std::move(rows), std::move(scales), std::move(shifts)});
  }
  const auto take = [&](Value& value, std::int64_t dim, std::size_t which) {
    value.add_gradient([&](const at::Tensor& gradient) {
      const at::Tensor each = by_network(gradient, dim);
      for (std::size_t n = 0; n < gradients.size(); ++n)
        each[static_cast<std::int64_t>(n)].copy_(gradients[n][which]);
    });
  };
  take(input_, 2, 0);
  take(*learned_.scale, 1, 1);
  if (learned_.shift != nullptr) take(*learned_.shift, 1, 2);
}

}  // namespace nanscope
