#include "engine/network/linear.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/baddbmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>
#include <fmt/format.h>

namespace nanscope {
namespace {

/// a b for matrices, or for N pairs of matrices. One network takes the 2-D path.
void multiply(const at::Tensor& result, const at::Tensor& a, const at::Tensor& b) {
  at::Tensor out = result;
  if (a.dim() == 2)
    at::mm_out(out, a, b);
  else
    at::bmm_out(out, a, b);
}

}  // namespace

Linear::Linear(Value& input, Value& weight, Value* bias, Value& output,
               const NumberFormat& factor_format, at::Tensor delta_scratch)
    : input_(input),
      weight_(weight),
      bias_(bias),
      output_(output),
      factor_format_(factor_format),
      delta_scratch_(std::move(delta_scratch)),
      weight_transposed_(weight.data().transpose(-2, -1)) {
  if (bias_ != nullptr) bias_row_ = bias_->data().unsqueeze(-2);
}

std::string Linear::equation() const {
  const std::string bias = bias_ ? " + " + bias_->name() : "";
  return fmt::format("{} = {} {}^T{}", output_.name(), input_.name(), weight_.name(), bias);
}

std::string Linear::backward_equation() const {
  std::string text = fmt::format("d{} = d{}^T {}", weight_.name(), output_.name(), input_.name());
  if (input_.needs_gradient())
    text = fmt::format("d{} = d{} {}, ", input_.name(), output_.name(), weight_.name()) + text;
  if (bias_ != nullptr)
    text += fmt::format(", d{} = sum over samples of d{}", bias_->name(), output_.name());
  return text;
}

void Linear::forward() {
  at::Tensor z = output_.data();
  if (bias_ == nullptr)
    multiply(z, input_.data(), weight_transposed_);
  else if (z.dim() == 2)
    at::addmm_out(z, bias_row_, input_.data(), weight_transposed_);
  else
    at::baddbmm_out(z, bias_row_, input_.data(), weight_transposed_);
  output_.round_data();
}

void Linear::backward() {
  at::Tensor delta = output_.gradient();
  if (bias_ != nullptr) bias_->add_gradient([&](at::Tensor db) { at::sum_out(db, delta, {-2}); });
  if (delta_scratch_.defined()) {
    delta = delta_scratch_.copy_(delta);
    round_to_format(delta, factor_format_);
  }
  input_.add_gradient([&](const at::Tensor& dx) { multiply(dx, delta, weight_.data()); });
  // Last, so that it is still in the cache when a probe measures it.
  weight_.add_gradient([&](const at::Tensor& dw) {
    multiply(dw, delta.transpose(-2, -1), input_.data());  // (out,B) (B,in)
  });
}

double Linear::multiply_adds() const {
  return static_cast<double>(output_.data().numel()) * static_cast<double>(input_.data().size(-1));
}

Cost Linear::forward_cost() const {
  const std::int64_t bias = bias_ ? static_cast<std::int64_t>(bias_->data().nbytes()) : 0;
  return {.flops = 2 * multiply_adds(),
          .bytes_read =
              static_cast<std::int64_t>(input_.data().nbytes() + weight_.data().nbytes()) + bias,
          .bytes_written = static_cast<std::int64_t>(output_.data().nbytes())};
}

Cost Linear::backward_cost() const {
  const auto input = static_cast<std::int64_t>(input_.data().nbytes());
  const auto weight = static_cast<std::int64_t>(weight_.data().nbytes());
  const auto output = static_cast<std::int64_t>(output_.data().nbytes());
  Cost cost{.flops = 2 * multiply_adds(), .bytes_read = output + input, .bytes_written = weight};
  if (input_.needs_gradient())
    cost += {.flops = 2 * multiply_adds(), .bytes_read = output + weight, .bytes_written = input};
  if (bias_ != nullptr)
    cost +=
        {.bytes_read = output, .bytes_written = static_cast<std::int64_t>(bias_->data().nbytes())};
  return cost;
}

std::int64_t Linear::saved_bytes() const {
  return static_cast<std::int64_t>(input_.data().nbytes() + weight_.data().nbytes());
}

}  // namespace nanscope
