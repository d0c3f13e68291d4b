#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_softmax().
class Softmax final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  Softmax(Value& scores, Value& output) : scores_(scores), output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& scores_;
  Value& output_;
};

}  // namespace nanscope
