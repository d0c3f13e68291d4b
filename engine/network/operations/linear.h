#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_linear(). With several networks x is (N,B,in) and W (N,out,in); one network is 2-D.
class Linear final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `bias` may be null. Where `factor_format` is narrower than dz (tf32 rounds only what enters a
  /// matrix product), dz is rounded to it in `delta_scratch` first; else that is undefined.
  Linear(Value& input, Value& weight, Value* bias, Value& output, std::int64_t networks,
         const NumberFormat& factor_format, at::Tensor delta_scratch);

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  /// a b for matrices, or for N pairs of matrices.
  void multiply(const at::Tensor& result, const at::Tensor& a, const at::Tensor& b) const;

  Value& input_;
  Value& weight_;
  Value* bias_;
  Value& output_;
  bool batched_;  ///< several networks
  const NumberFormat& factor_format_;
  at::Tensor delta_scratch_;
  at::Tensor weight_transposed_;  ///< a view
  at::Tensor bias_row_;           ///< a view that broadcasts over the samples
};

}  // namespace nanscope
