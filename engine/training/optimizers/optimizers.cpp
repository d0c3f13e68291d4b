#include "engine/training/optimizers/optimizers.h"

namespace nanscope {

OptimizerStep optimizer_step(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::sgd:
    case OptimizerKind::momentum:
    case OptimizerKind::nesterov:
      return step_sgd;
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
    case OptimizerKind::amsgrad:
      break;
  }
  return step_adam;
}

}  // namespace nanscope
