#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <vector>

namespace nanscope {

/// What a piece of work will take, found out before it is done.
struct Prediction {
  std::int64_t bytes = 0;     ///< of new storages, those of intermediate results included
  std::int64_t elements = 0;  ///< read from the inputs; 0 where only views are made
  double flops = 0;           ///< of matrix products; a multiply-add is 2
  bool known = true;          ///< false where LibTorch cannot tell without the values
};

/// A tensor of the same shape, stride, offset and dtype without memory behind it.
at::Tensor without_memory(const at::Tensor& tensor);

/// Runs `work` on tensors without memory (LibTorch's meta device), and watches every operation that
/// it does on the way. Rethrows nothing: where the work fails, the prediction is not `known`.
Prediction predict(std::span<const at::Tensor> inputs, const std::function<void()>& work);

}  // namespace nanscope
