#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_attention_scores().
class AttentionScores final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `delta_scratch`: as in Linear.
  AttentionScores(Value& queries, Value& keys, Value& scores, at::Tensor delta_scratch);

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  at::Tensor heads(const at::Tensor& rows) const;

  Value& queries_;
  Value& keys_;
  Value& scores_;
  at::Tensor delta_scratch_;
  std::int64_t width_, kv_heads_;
};

/// See add_weighted_values().
class WeightedValues final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `delta_scratch`: as in Linear.
  WeightedValues(Value& probabilities, Value& values, Value& output, at::Tensor delta_scratch);

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  at::Tensor heads(const at::Tensor& rows) const;

  Value& probabilities_;
  Value& values_;
  Value& output_;
  at::Tensor delta_scratch_;
  std::int64_t width_, kv_heads_;
};

}  // namespace nanscope
