#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_position().
class Position final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  Position(Value& stream, Value& table, Value& output)
      : stream_(stream), table_(table), output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& stream_;
  Value& table_;
  Value& output_;
};

}  // namespace nanscope
