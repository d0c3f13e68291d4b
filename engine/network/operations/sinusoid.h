#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_sinusoid().
class Sinusoid final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  explicit Sinusoid(Value& output) : output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& output_;
};

}  // namespace nanscope
