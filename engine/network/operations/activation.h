#pragma once

#include "engine/experiment/network.h"
#include "engine/network/operation.h"

namespace nanscope {

struct ActivationFunctions;

/// See add_activation().
class Activate final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// Any but the identity, which is no operation.
  Activate(Activation activation, Value& input, Value& output);

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  const ActivationFunctions& functions_;
  Value& input_;
  Value& output_;
};

}  // namespace nanscope
