#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_residual(). Backward passes dh' to the stream; the branch shares its buffer.
class Residual final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  Residual(Value& stream, Value& branch, Value& output)
      : stream_(stream), branch_(branch), output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& stream_;
  Value& branch_;
  Value& output_;
};

}  // namespace nanscope
