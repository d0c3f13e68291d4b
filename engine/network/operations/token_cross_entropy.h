#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_token_cross_entropy(), of one network. `logarithm`, of the prediction's shape, holds
/// log softmax(y) from forward to backward.
class TokenCrossEntropy final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  TokenCrossEntropy(Value& prediction, Value& target, Value& loss, at::Tensor logarithm)
      : prediction_(prediction), target_(target), loss_(loss), logarithm_(std::move(logarithm)) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& prediction_;
  Value& target_;
  Value& loss_;
  at::Tensor logarithm_;
};

}  // namespace nanscope
