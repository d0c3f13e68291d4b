#pragma once

#include "engine/network/operation.h"
#include "engine/network/value.h"

namespace nanscope {

/// y = x in another number format; backward casts the gradient to the format of dx. Where the
/// builder lets both share one gradient buffer there is nothing to do backward.
class Cast final : public Operation {
 public:
  Cast(Value& input, Value& output) : input_(input), output_(output) {}

  std::string_view kind() const override { return "cast"; }
  std::string equation() const override;
  std::string backward_equation() const override;
  void forward() override;
  void backward() override;
  Cost forward_cost() const override;
  Cost backward_cost() const override;
  std::int64_t saved_bytes() const override { return 0; }

 private:
  bool shares_gradient() const { return input_.gradient().is_same(output_.gradient()); }

  Value& input_;
  Value& output_;
};

}  // namespace nanscope
