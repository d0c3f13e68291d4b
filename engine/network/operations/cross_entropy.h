#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_cross_entropy().
class CrossEntropy final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `logarithm`, of the prediction's shape, holds log softmax(y) from forward to backward.
  CrossEntropy(Value& prediction, Value& target, Value& loss, at::Tensor logarithm,
               at::Tensor scratch)
      : prediction_(prediction),
        target_(target),
        loss_(loss),
        logarithm_(std::move(logarithm)),
        scratch_(std::move(scratch)) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& prediction_;
  Value& target_;
  Value& loss_;
  at::Tensor logarithm_;
  at::Tensor scratch_;
};

}  // namespace nanscope
