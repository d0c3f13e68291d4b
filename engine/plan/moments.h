#pragma once

#include <vector>

#include "engine/plan/description.h"

namespace nanscope {

/// When the operations of a pass run, there and back, counted from its first one. Those of a
/// segment that is computed again have a moment for that; it passes where an operation is not.
struct Moments {
  explicit Moments(const PlanDescription& plan);

  std::vector<int> forward, again, backward;  ///< of each operation
  int upstream = 0;                           ///< the gradient of the output is written
};

}  // namespace nanscope
