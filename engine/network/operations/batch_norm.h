#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_batch_norm().
class BatchNorm final : public Operation {
 public:
  /// Two buffers of the input's shape and one number a feature, in the precision of the
  /// computation.
  struct Scratch {
    at::Tensor first, second, of_batch;
  };
  /// One number a feature, (C); undefined where the plan keeps none.
  struct Running {
    at::Tensor mean, variance;
  };
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `mean` and `rstd` hold one number a feature, (1,C), from forward to backward.
  BatchNorm(Value& input, Value& output, at::Tensor mean, at::Tensor rstd, Running running,
            Scratch scratch)
      : input_(input),
        output_(output),
        mean_(std::move(mean)),
        rstd_(std::move(rstd)),
        running_(std::move(running)),
        scratch_(std::move(scratch)) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  /// Takes the batch's mean off `h`, and leaves its biased variance in rstd_.
  void centre_by_batch(const at::Tensor& h);
  void keep_running();

  Value& input_;
  Value& output_;
  at::Tensor mean_, rstd_;
  Running running_;
  Scratch scratch_;
};

}  // namespace nanscope
