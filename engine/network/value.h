#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>

#include "engine/network/rounding.h"
#include "engine/numbers/format.h"

namespace nanscope {

/// One tensor of a running plan and the gradient of the loss with respect to it. Operations read
/// and write the preallocated buffers; whoever writes one rounds it to its format (emulated
/// precisions). The gradient of a value that several operations read is a sum: the first one to
/// arrive in a backward pass writes it, later ones add.
class Value {
 public:
  /// `name` as the equations write it: "h3", "W3".
  Value(std::string name, at::Tensor data, const NumberFormat& format)
      : name_(std::move(name)),
        data_(std::move(data)),
        format_(&format),
        rounds_data_(needs_rounding(data_, format)) {}

  const std::string& name() const { return name_; }
  const at::Tensor& data() const { return data_; }
  const NumberFormat& format() const { return *format_; }
  void round_data() const {
    if (rounds_data_) round_to_format(data_, *format_);
  }

  /// Undefined for a value whose gradient nobody needs (the input of the network).
  const at::Tensor& gradient() const { return gradient_; }
  const NumberFormat& gradient_format() const { return *gradient_format_; }
  bool needs_gradient() const { return gradient_.defined(); }

  /// Gives the value a gradient buffer. `contribution`, of the same kind, holds what later writers
  /// add; undefined where there is one writer only.
  void set_gradient(at::Tensor buffer, const NumberFormat& format, at::Tensor contribution = {}) {
    gradient_ = std::move(buffer);
    gradient_format_ = &format;
    rounds_gradient_ = needs_rounding(gradient_, format);
    contribution_ = std::move(contribution);
  }

  /// Whether the next contribution is added to others.
  bool gradient_is_written() const { return gradient_is_written_; }
  /// The next contribution is the first one again.
  void forget_gradient() { gradient_is_written_ = false; }

  /// Adds one contribution, which write(buffer) puts into a buffer of the gradient's shape. Each
  /// contribution and the sum are rounded to the gradient's format.
  template <class Write>
  void add_gradient(const Write& write) {
    if (!needs_gradient()) return;
    const at::Tensor& target = gradient_is_written_ ? contribution_ : gradient_;
    write(target);
    if (rounds_gradient_) round_to_format(target, *gradient_format_);
    if (gradient_is_written_) {
      gradient_.add_(contribution_);
      if (rounds_gradient_) round_to_format(gradient_, *gradient_format_);
    }
    gradient_is_written_ = true;
  }

 private:
  std::string name_;
  at::Tensor data_;
  const NumberFormat* format_;
  bool rounds_data_;
  at::Tensor gradient_;
  const NumberFormat* gradient_format_ = nullptr;
  bool rounds_gradient_ = false;
  at::Tensor contribution_;
  bool gradient_is_written_ = false;
};

}  // namespace nanscope
