#pragma once

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"

// The keys of an experiment that say by what a run multiplies its loss.
namespace nanscope {

struct Key;

/// Whether the loss is multiplied before backward, and the gradients divided after it, so that
/// small ones do not underflow in fp16 (Micikevicius et al. 2018). `dynamic`: as
/// torch.amp.GradScaler, half as much after a step whose gradients overflow, which is skipped, and
/// twice as much after `interval` steps in a row that do not.
enum class LossScaleKind { none, fixed, dynamic };

struct LossScale {
  LossScaleKind kind = LossScaleKind::none;
  double init = 65536;  ///< the factor, and for `dynamic` the first one
  int interval = 2000;  ///< dynamic: steps from one doubling to the next
  bool operator==(const LossScale&) const = default;
};

/// "loss_scale.kind", "loss_scale.init", "loss_scale.interval"
std::vector<Key> loss_scale_keys();

template <>
struct Names<LossScaleKind> {
  static constexpr std::array<std::pair<LossScaleKind, std::string_view>, 3> all{
      {{LossScaleKind::none, "none"},
       {LossScaleKind::fixed, "static"},
       {LossScaleKind::dynamic, "dynamic"}}};
};

}  // namespace nanscope
