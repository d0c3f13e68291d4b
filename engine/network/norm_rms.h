#pragma once

#include "engine/network/operation.h"
#include "engine/network/value.h"

namespace nanscope {

/// Root-mean-square normalization over the last dimension, without learned scale (Zhang & Sennrich
/// 2019): u = h r with r = 1 / sqrt(mean(h^2) + eps). Backward: dh = r (du - u mean(du u)).
/// In 16 bits it computes in float and rounds the result, as torch.nn.functional.rms_norm does.
class RmsNorm final : public Operation {
 public:
  /// Two buffers of the input's shape in the precision of the computation, shared by all layers.
  struct Scratch {
    at::Tensor first, second;
  };
  static at::ScalarType computation_type(const at::Tensor& input);

  RmsNorm(Value& input, Value& output, Scratch scratch);

  std::string_view kind() const override { return "rmsnorm"; }
  std::string equation() const override;
  std::string backward_equation() const override;
  void forward() override;
  void backward() override;
  Cost forward_cost() const override;
  Cost backward_cost() const override;
  std::int64_t saved_bytes() const override;

 private:
  Value& input_;
  Value& output_;
  Scratch scratch_;
  at::Tensor rrms_;  ///< (B,1): r, saved for backward
  at::Tensor mean_;  ///< (B,1)
};

}  // namespace nanscope
