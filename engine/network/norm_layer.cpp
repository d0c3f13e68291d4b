#include "engine/network/norm_layer.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/native_layer_norm.h>
#include <ATen/ops/native_layer_norm_backward.h>
#include <fmt/format.h>

namespace nanscope {
namespace {

/// The shape of one number a sample: (B,1) or (N,B,1).
std::vector<std::int64_t> sample_shape(const at::Tensor& tensor) {
  std::vector<std::int64_t> shape = tensor.sizes().vec();
  shape.back() = 1;
  return shape;
}

}  // namespace

LayerNorm::LayerNorm(Value& input, Value& output)
    : input_(input),
      output_(output),
      mean_(at::empty(sample_shape(input.data()), input.data().options())),
      rstd_(at::empty(sample_shape(input.data()), input.data().options())) {}

std::string LayerNorm::equation() const {
  return fmt::format("{} = ({} - mean) r with r = 1 / sqrt(var + 1e-5)", output_.name(),
                     input_.name());
}

std::string LayerNorm::backward_equation() const {
  if (!input_.needs_gradient()) return "";
  return fmt::format("d{0} = r (d{1} - mean(d{1}) - {1} mean(d{1} {1}))", input_.name(),
                     output_.name());
}

void LayerNorm::forward() {
  at::Tensor normalized = output_.data();
  at::native_layer_norm_out(normalized, mean_, rstd_, input_.data(), {input_.data().size(-1)}, {},
                            {}, kNormEpsilon);
  output_.round_data();
}

void LayerNorm::backward() {
  input_.add_gradient([&](const at::Tensor& dh) {
    // The out-variant wants gradients of scale and shift, which are not there.
    dh.copy_(std::get<0>(at::native_layer_norm_backward(output_.gradient(), input_.data(),
                                                        {input_.data().size(-1)}, mean_, rstd_, {},
                                                        {}, {true, false, false})));
  });
}

Cost LayerNorm::forward_cost() const {
  return {.bytes_read = static_cast<std::int64_t>(input_.data().nbytes()),
          .bytes_written =
              static_cast<std::int64_t>(output_.data().nbytes() + mean_.nbytes() + rstd_.nbytes())};
}

Cost LayerNorm::backward_cost() const {
  if (!input_.needs_gradient()) return {};
  const auto bytes = static_cast<std::int64_t>(output_.data().nbytes());
  return {.bytes_read = bytes + saved_bytes(), .bytes_written = bytes};
}

std::int64_t LayerNorm::saved_bytes() const {
  return static_cast<std::int64_t>(input_.data().nbytes() + mean_.nbytes() + rstd_.nbytes());
}

}  // namespace nanscope
