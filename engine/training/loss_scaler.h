#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/experiment/loss_scale.h"

namespace nanscope {

/// torch.amp.GradScaler, by its kernels: multiplies the loss by scale() so that small gradients
/// stay above a narrow format's smallest number, and divides them again before the optimizer sees
/// them.
class LossScaler {
 public:
  explicit LossScaler(const LossScale& spec);

  /// What the loss of the next step is multiplied by.
  double scale() const { return scale_.item<float>(); }
  /// From the next step on; the scale stays.
  void change(const LossScale& spec) { spec_ = spec; }
  /// The next step's scale is `init` again.
  void restart() { scale_.fill_(spec_.init); }
  /// Divides the gradients by scale(), in place. Returns whether all are finite; where one is not,
  /// the step is to be skipped.
  bool unscale(at::TensorList gradients);
  /// After the step: the scale of the next one.
  void update();
  /// Steps whose gradients were not finite.
  std::int64_t skipped() const { return skipped_.item<std::int64_t>(); }

  /// What a checkpoint keeps, by name: views that can be written to.
  std::vector<std::pair<std::string_view, at::Tensor>> state() const {
    return {{"loss_scale", scale_},
            {"loss_scale.good_steps", good_steps_},
            {"loss_scale.skipped", skipped_}};
  }
  /// What it holds beside that.
  const at::Tensor& found() const { return found_; }
  /// Whether so many steps may leave such a state: for one that was read.
  bool is_state_after(std::int64_t steps) const;

 private:
  LossScale spec_;
  at::Tensor scale_;       ///< fp32, one element
  at::Tensor good_steps_;  ///< int32, since the scale was changed
  at::Tensor skipped_;     ///< int64
  at::Tensor found_;       ///< fp32: 1 where a gradient was not finite
};

}  // namespace nanscope
