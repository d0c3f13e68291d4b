#pragma once

#include "engine/network/operation.h"
#include "engine/network/value.h"

namespace nanscope {

/// Added to the mean square of a norm's input, so that a zero input gives zero.
inline constexpr double kNormEpsilon = 1e-5;

/// Layer normalization over the last dimension, without learned scale and shift (Ba et al. 2016):
/// u = (h - mean) r with r = 1 / sqrt(var + eps).
/// Backward: dh = r (du - mean(du) - u mean(du u)).
class LayerNorm final : public Operation {
 public:
  LayerNorm(Value& input, Value& output);

  std::string_view kind() const override { return "layernorm"; }
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
  at::Tensor mean_;  ///< (B,1), saved for backward
  at::Tensor rstd_;  ///< (B,1): r
};

}  // namespace nanscope
