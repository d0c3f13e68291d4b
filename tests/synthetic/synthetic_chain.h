#pragma once

#include <string>
#include <vector>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// Writes a chain step by step as an engine would, from shapes and strides instead of tensors.
class ChainBuilder {
 public:
  /// arange(count) in a storage of its own.
  ChainBuilder& arange(std::int64_t count);
  /// The last step's storage, read with this shape, stride and offset.
  ChainBuilder& view(const std::string& operation, std::vector<std::int64_t> shape,
                     std::vector<std::int64_t> stride, std::int64_t offset = 0);
  /// The last step's elements in row-major order in a storage of their own.
  ChainBuilder& copy(const std::string& operation);
  /// The element of the last step at `index` is written.
  ChainBuilder& write(const std::string& operation, const std::vector<std::int64_t>& index,
                      double value);
  /// LibTorch refuses `operation`.
  ChainBuilder& refuse(const std::string& operation, const std::string& message,
                       std::vector<TensorRepair> repairs);
  /// Names of the last step's dimensions.
  ChainBuilder& names(std::vector<std::string> names);

  TensorChain build() const;

 private:
  TensorStep& add(const std::string& operation, StepKind kind);
  void read_cells(TensorStep& step) const;

  TensorChain chain_;
};

/// arange(24).view(2,3,4).transpose(1,2)[:, 1:3].contiguous()
TensorChain synthetic_chain();

}  // namespace nanscope
