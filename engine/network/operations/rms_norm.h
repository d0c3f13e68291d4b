#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_rms_norm().
class RmsNorm final : public Operation {
 public:
  /// Two buffers of the input's shape and one number a sample, in the precision of the computation.
  struct Scratch {
    at::Tensor first, second, mean;
  };
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `rrms`, (B,1): r, from forward to backward. `scale`, (C), has a gradient; null without one.
  RmsNorm(Value& input, Value& output, at::Tensor rrms, Scratch scratch, Value* scale = nullptr)
      : input_(input),
        output_(output),
        rrms_(std::move(rrms)),
        scratch_(std::move(scratch)),
        scale_(scale) {
    if (scale_ != nullptr) scale_row_ = scale_->data().unsqueeze(-2);
  }

  void forward(const PassContext& context) override;
  /// PyTorch 2.15 multiplies by r^3 on its way, which loses its digits where |h| goes beyond 1e103
  /// in fp64 or 1e13 in fp32, and with them the gradient's part along h; this one keeps both.
  void backward(const PassContext& context) override;

 private:
  Value& input_;
  Value& output_;
  at::Tensor rrms_;
  Scratch scratch_;
  Value* scale_;
  at::Tensor scale_row_;  ///< a view that broadcasts over the samples
};

}  // namespace nanscope
