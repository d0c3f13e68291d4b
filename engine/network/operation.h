#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nanscope {

/// What one direction of an operation costs by its formula. FLOPs are those of matrix products, a
/// multiply-add counting as 2 (model FLOPs: element-wise work is counted by its bytes).
struct Cost {
  double flops = 0;
  std::int64_t bytes_read = 0;
  std::int64_t bytes_written = 0;

  Cost& operator+=(const Cost& other) {
    flops += other.flops;
    bytes_read += other.bytes_read;
    bytes_written += other.bytes_written;
    return *this;
  }
  bool operator==(const Cost&) const = default;
};

/// One step of a plan: reads and writes the buffers of the values that it was made with. Forward
/// and backward are explicit calls of ATen's kernels, without autograd. Tensors may carry a leading
/// dimension of networks, (N,B,C) with weights (N,out,in), which every operation lets through.
class Operation {
 public:
  virtual ~Operation() = default;

  /// "linear", "relu", ...: one word.
  virtual std::string_view kind() const = 0;
  /// What forward() computes, over the names of its values: "z3 = u3 W3^T + b3".
  virtual std::string equation() const = 0;
  /// What backward() computes: "dh2 = dz3 W3, dW3 = dz3^T h2".
  virtual std::string backward_equation() const = 0;

  virtual void forward() = 0;
  /// Reads the gradient of the output, adds to the gradients of the inputs that need one.
  virtual void backward() = 0;

  virtual Cost forward_cost() const = 0;
  virtual Cost backward_cost() const = 0;
  /// Bytes that only backward() reads again, beyond the output that the next operation holds.
  virtual std::int64_t saved_bytes() const = 0;
};

}  // namespace nanscope
