#include "engine/network/cast.h"

#include <fmt/format.h>

namespace nanscope {

std::string Cast::equation() const {
  return fmt::format("{} = {}({})", output_.name(), output_.format().name, input_.name());
}

std::string Cast::backward_equation() const {
  if (!input_.needs_gradient()) return "";
  return fmt::format("d{} = {}(d{})", input_.name(), input_.gradient_format().name, output_.name());
}

void Cast::forward() {
  output_.data().copy_(input_.data());
  output_.round_data();
}

void Cast::backward() {
  if (shares_gradient()) return;
  input_.add_gradient([&](const at::Tensor& dx) { dx.copy_(output_.gradient()); });
}

Cost Cast::forward_cost() const {
  return {.bytes_read = static_cast<std::int64_t>(input_.data().nbytes()),
          .bytes_written = static_cast<std::int64_t>(output_.data().nbytes())};
}

Cost Cast::backward_cost() const {
  if (!input_.needs_gradient() || shares_gradient()) return {};
  return {.bytes_read = static_cast<std::int64_t>(output_.gradient().nbytes()),
          .bytes_written = static_cast<std::int64_t>(input_.gradient().nbytes())};
}

}  // namespace nanscope
