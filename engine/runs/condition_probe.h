#pragma once

#include <chrono>
#include <optional>

#include "engine/network/plan.h"

namespace nanscope {

/// The condition numbers of a run's weights: of each layer's matrix the largest singular value over
/// the smallest, an infinity where that is 0, NaN where the matrix is not finite.
struct WeightConditions {
  double largest = 0, median = 0;  ///< of the layers
};
WeightConditions weight_conditions(const Plan& plan);

/// When a run looks at them: as often as pictures need, and so that it costs the run a twentieth at
/// most. Where one look is more than can be waited for, never.
class ConditionProbe {
 public:
  using Clock = std::chrono::steady_clock;

  explicit ConditionProbe(const Plan& plan);
  /// Before a step: nothing where it is not one of those. The last one of `goal` always is.
  std::optional<WeightConditions> look(const Plan& plan, std::int64_t step, std::int64_t goal);

 private:
  bool small_ = false;  ///< a look can be waited for
  std::int64_t next_ = 0;
  Clock::time_point began_;
  Clock::duration taken_{};
};

}  // namespace nanscope
