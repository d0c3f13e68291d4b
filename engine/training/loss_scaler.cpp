#include "engine/training/loss_scaler.h"

#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/_amp_update_scale.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

namespace nanscope {
namespace {

constexpr double kGrowth = 2, kBackoff = 0.5;  // torch.amp.GradScaler's defaults

}  // namespace

LossScaler::LossScaler(const LossScale& spec)
    : spec_(spec),
      scale_(at::full({1}, spec.init, at::kFloat)),
      good_steps_(at::zeros({1}, at::kInt)),
      skipped_(at::zeros({1}, at::kLong)),
      found_(at::zeros({1}, at::kFloat)) {}

bool LossScaler::unscale(at::TensorList gradients) {
  found_.zero_();
  // As GradScaler does: the reciprocal in fp64, rounded once.
  const at::Tensor share = scale_.to(at::kDouble).reciprocal().to(at::kFloat);
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, found_, share);
  const bool finite = found_.item<float>() == 0;
  if (!finite) skipped_.add_(1);
  return finite;
}

bool LossScaler::is_state_after(std::int64_t steps) const {
  const auto good_steps = good_steps_.item<std::int32_t>();
  // A scale may have grown to infinity or shrunk to 0.
  return scale() >= 0 && good_steps >= 0 && good_steps <= steps && skipped() >= 0 &&
         skipped() <= steps;
}

void LossScaler::update() {
  if (spec_.kind == LossScaleKind::dynamic)
    at::_amp_update_scale_(scale_, good_steps_, found_, kGrowth, kBackoff, spec_.interval);
}

}  // namespace nanscope
