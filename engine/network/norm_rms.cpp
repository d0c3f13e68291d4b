#include "engine/network/norm_rms.h"

#include <ATen/OpMathType.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/sub.h>
#include <fmt/format.h>

#include "engine/network/norm_layer.h"

namespace nanscope {

at::ScalarType RmsNorm::computation_type(const at::Tensor& input) {
  return at::toOpMathType(input.scalar_type());
}

RmsNorm::RmsNorm(Value& input, Value& output, Scratch scratch)
    : input_(input), output_(output), scratch_(std::move(scratch)) {
  std::vector<std::int64_t> sample = input.data().sizes().vec();
  sample.back() = 1;
  rrms_ = at::empty(sample, scratch_.first.options());
  mean_ = at::empty(sample, scratch_.first.options());
}

std::string RmsNorm::equation() const {
  return fmt::format("{0} = {1} r with r = 1 / sqrt(mean({1}^2) + 1e-5)", output_.name(),
                     input_.name());
}

std::string RmsNorm::backward_equation() const {
  if (!input_.needs_gradient()) return "";
  return fmt::format("d{0} = r (d{1} - {1} mean(d{1} {1}))", input_.name(), output_.name());
}

void RmsNorm::forward() {
  auto& [h, square] = scratch_;
  h.copy_(input_.data());
  at::mul_out(square, h, h);
  at::mean_out(rrms_, square, {-1}, /*keepdim=*/true);
  rrms_.add_(kNormEpsilon).rsqrt_();
  output_.data().copy_(h.mul_(rrms_));
  output_.round_data();
}

void RmsNorm::backward() {
  input_.add_gradient([&](const at::Tensor& dh) {
    auto& [u, product] = scratch_;
    u.copy_(input_.data()).mul_(rrms_);
    at::mul_out(product, u, output_.gradient());
    at::mean_out(mean_, product, {-1}, /*keepdim=*/true);
    at::sub_out(product, output_.gradient(), u.mul_(mean_));
    dh.copy_(product.mul_(rrms_));
  });
}

Cost RmsNorm::forward_cost() const {
  return {.bytes_read = static_cast<std::int64_t>(input_.data().nbytes()),
          .bytes_written = static_cast<std::int64_t>(output_.data().nbytes() + rrms_.nbytes())};
}

Cost RmsNorm::backward_cost() const {
  if (!input_.needs_gradient()) return {};
  const auto bytes = static_cast<std::int64_t>(output_.data().nbytes());
  return {.bytes_read = bytes + saved_bytes(), .bytes_written = bytes};
}

std::int64_t RmsNorm::saved_bytes() const {
  return static_cast<std::int64_t>(input_.data().nbytes() + rrms_.nbytes());
}

}  // namespace nanscope
