#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_rotary_angles().
class RotaryTurns final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  RotaryTurns(Value& cos, Value& sin) : cos_(cos), sin_(sin) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& /*context*/) override {}

 private:
  Value& cos_;
  Value& sin_;
};

/// See add_rotary().
class Rotary final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  Rotary(Value& rows, Value& cos, Value& sin, Value& output)
      : rows_(rows), cos_(cos), sin_(sin), output_(output) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  /// Writes the halves of x, turned by the angle or, with sign -1, by its opposite.
  void turn(const at::Tensor& from, const at::Tensor& to, double sign) const;

  Value& rows_;
  Value& cos_;
  Value& sin_;
  Value& output_;
};

}  // namespace nanscope
