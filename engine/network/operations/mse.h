#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_mse().
class MeanSquaredError final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `square`, of the prediction's shape, is scratch.
  MeanSquaredError(Value& prediction, Value& target, Value& loss, at::Tensor square)
      : prediction_(prediction), target_(target), loss_(loss), square_(std::move(square)) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& prediction_;
  Value& target_;
  Value& loss_;
  at::Tensor square_;
};

}  // namespace nanscope
