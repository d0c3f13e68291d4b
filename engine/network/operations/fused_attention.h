#pragma once

#include "engine/network/operation.h"

namespace nanscope {

/// See add_fused_attention().
class FusedAttention final : public Operation {
 public:
  static std::unique_ptr<Operation> make(const OperationParts& parts);

  /// `logarithm` (B,T,heads) holds the log of each query's sum from forward to backward.
  FusedAttention(Value& queries, Value& keys, Value& values, Value& output, at::Tensor logarithm);

  void forward(const PassContext& context) override;
  void backward(const PassContext& context) override;

 private:
  /// Rows as (N B,heads,T,D): a view, or a copy where key heads are shared, each as often as it is.
  at::Tensor heads(const at::Tensor& rows) const;
  /// Takes the gradient of such a view into the rows', summed over the heads that share one.
  void add_gradient(Value& rows, const at::Tensor& of_heads) const;

  Value& queries_;
  Value& keys_;
  Value& values_;
  Value& output_;
  at::Tensor logarithm_;
  std::int64_t heads_, width_;
};

}  // namespace nanscope
