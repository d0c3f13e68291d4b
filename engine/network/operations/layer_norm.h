#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_layer_norm().
class LayerNorm final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `mean` and `rstd` hold one number a sample, (B,1), from forward to backward.
  LayerNorm(Value& input, Value& output, at::Tensor mean, at::Tensor rstd)
      : input_(input), output_(output), mean_(std::move(mean)), rstd_(std::move(rstd)) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& input_;
  Value& output_;
  at::Tensor mean_;
  at::Tensor rstd_;
};

}  // namespace nanscope
