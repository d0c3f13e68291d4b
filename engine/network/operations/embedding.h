#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_embedding(). Tokens are whole numbers in fp32; one that the table has no row for throws
/// c10::Error.
class Embedding final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  Embedding(Value& tokens, Value& table, Value& output)
      : tokens_(tokens), table_(table), output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& tokens_;
  Value& table_;
  Value& output_;
};

}  // namespace nanscope
