#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

OptimizerStep optimizer_step(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::sgd:
    case OptimizerKind::momentum:
    case OptimizerKind::nesterov:
      return step_sgd;
    case OptimizerKind::adagrad:
      return step_adagrad;
    case OptimizerKind::rmsprop:
      return step_rmsprop;
    case OptimizerKind::lion:
      return step_lion;
    case OptimizerKind::lamb:
      return step_lamb;
    case OptimizerKind::adabelief:
      return step_adabelief;
    case OptimizerKind::muon:
      return step_muon;
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
    case OptimizerKind::amsgrad:
      break;
  }
  return step_adam;
}

}  // namespace nanscope
