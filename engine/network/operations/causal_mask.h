#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_causal_mask().
class CausalMask final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  CausalMask(Value& scores, Value& output, double masked)
      : scores_(scores), output_(output), masked_(masked) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& scores_;
  Value& output_;
  double masked_;
};

}  // namespace nanscope
