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

  /// `rrms`, (B,1): r, from forward to backward.
  RmsNorm(Value& input, Value& output, at::Tensor rrms, Scratch scratch)
      : input_(input), output_(output), rrms_(std::move(rrms)), scratch_(std::move(scratch)) {}

  void forward(const PassContext& context) override;
  /// PyTorch 2.15 multiplies by r^3 on its way, which loses its digits where |h| goes beyond 1e103
  /// in fp64 or 1e13 in fp32, and with them the gradient's part along h; this one keeps both.
  void backward(const PassContext& context) override;

 private:
  Value& input_;
  Value& output_;
  at::Tensor rrms_;
  Scratch scratch_;
};

}  // namespace nanscope
