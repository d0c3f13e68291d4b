#pragma once

#include "engine/network/operation.h"
#include "engine/network/value.h"

namespace nanscope {

/// h' = h + a. Backward passes dh' to both: dh += dh', da = dh' (a shares the buffer).
class Residual final : public Operation {
 public:
  Residual(Value& stream, Value& branch, Value& output)
      : stream_(stream), branch_(branch), output_(output) {}

  std::string_view kind() const override { return "residual"; }
  std::string equation() const override;
  std::string backward_equation() const override;
  void forward() override;
  void backward() override;
  Cost forward_cost() const override;
  Cost backward_cost() const override;
  std::int64_t saved_bytes() const override { return 0; }

 private:
  Value& stream_;
  Value& branch_;
  Value& output_;
};

}  // namespace nanscope
