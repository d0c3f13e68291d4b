#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_swiglu().
class Swiglu final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  Swiglu(Value& gate, Value& value, Value& output) : gate_(gate), value_(value), output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& gate_;
  Value& value_;
  Value& output_;
};

}  // namespace nanscope
