#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_dropout(). The mask is PyTorch's: drawn from the pass's generator as F.dropout draws it.
class Dropout final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `mask`, of the input's shape, holds 0 or 1 / (1 - dropped) from forward to backward.
  Dropout(Value& input, Value& output, at::Tensor mask, double dropped)
      : input_(input), output_(output), mask_(std::move(mask)), kept_(1 - dropped) {}

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  Value& input_;
  Value& output_;
  at::Tensor mask_;
  double kept_;  ///< the share that is not dropped
};

}  // namespace nanscope
