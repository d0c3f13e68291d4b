#pragma once

#include "engine/network/operation.h"
#include "engine/network/value.h"

namespace nanscope {

/// z = x W^T + b with x (B,in), W (out,in), b (out), z (B,out); with N networks each with a leading
/// N. Backward: dx = dz W, dW = dz^T x, db = sum of dz over the samples. The result is rounded
/// once, after the accumulation and the bias.
class Linear final : public Operation {
 public:
  /// `bias` may be null. Where `factor_format` is narrower than dz (tf32 rounds only what enters a
  /// matrix product), dz is rounded to it in `delta_scratch` first; else that is undefined.
  Linear(Value& input, Value& weight, Value* bias, Value& output, const NumberFormat& factor_format,
         at::Tensor delta_scratch);

  std::string_view kind() const override { return "linear"; }
  std::string equation() const override;
  std::string backward_equation() const override;
  void forward() override;
  void backward() override;
  Cost forward_cost() const override;
  Cost backward_cost() const override;
  std::int64_t saved_bytes() const override;

 private:
  double multiply_adds() const;  ///< of one matrix product

  Value& input_;
  Value& weight_;
  Value* bias_;
  Value& output_;
  const NumberFormat& factor_format_;
  at::Tensor delta_scratch_;
  at::Tensor weight_transposed_;  ///< a view
  at::Tensor bias_row_;           ///< a view that broadcasts over the samples
};

}  // namespace nanscope
