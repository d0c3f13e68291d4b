#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_cast(). Where the plan lets both share one gradient buffer there is nothing to do
/// backward.
class Cast final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  Cast(Value& input, Value& output) : input_(input), output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& input_;
  Value& output_;
};

}  // namespace nanscope
