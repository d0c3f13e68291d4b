#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_layer_norm().
class LayerNorm final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// What is learned, (C), each with a gradient; null where it is not. A shift comes with a scale.
  struct Learned {
    Value* scale = nullptr;
    Value* shift = nullptr;
  };

  /// `mean` and `rstd` hold one number a sample, (B,1), from forward to backward.
  LayerNorm(Value& input, Value& output, at::Tensor mean, at::Tensor rstd)
      : LayerNorm(input, output, std::move(mean), std::move(rstd), {}) {}
  LayerNorm(Value& input, Value& output, at::Tensor mean, at::Tensor rstd, Learned learned)
      : input_(input),
        output_(output),
        mean_(std::move(mean)),
        rstd_(std::move(rstd)),
        learned_(learned) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  /// ATen's kernel has one scale for all rows, so that it takes network by network.
  void forward_learned();
  void backward_learned();

  Value& input_;
  Value& output_;
  at::Tensor mean_;
  at::Tensor rstd_;
  Learned learned_;
};

}  // namespace nanscope
