#include "engine/network/residual.h"

#include <ATen/ops/add.h>
#include <fmt/format.h>

namespace nanscope {

std::string Residual::equation() const {
  return fmt::format("{} = {} + {}", output_.name(), stream_.name(), branch_.name());
}

std::string Residual::backward_equation() const {
  return fmt::format("d{} = d{}, d{} = d{}", branch_.name(), output_.name(), stream_.name(),
                     output_.name());
}

void Residual::forward() {
  at::Tensor sum = output_.data();
  at::add_out(sum, stream_.data(), branch_.data());
  output_.round_data();
}

void Residual::backward() {
  stream_.add_gradient([&](const at::Tensor& dh) { dh.copy_(output_.gradient()); });
}

Cost Residual::forward_cost() const {
  const auto bytes = static_cast<std::int64_t>(output_.data().nbytes());
  return {.bytes_read = 2 * bytes, .bytes_written = bytes};
}

Cost Residual::backward_cost() const {
  if (!stream_.needs_gradient()) return {};
  const auto bytes = static_cast<std::int64_t>(output_.data().nbytes());
  return {.bytes_read = bytes, .bytes_written = bytes};
}

}  // namespace nanscope
