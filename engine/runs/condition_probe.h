#pragma once

#include <chrono>
#include <optional>

#include "engine/network/plan.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

WeightConditions weight_conditions(const Plan& plan);

/// When a run looks at them: as often as pictures need, and so that it costs the run a twentieth at
/// most. Where one look is more than can be waited for, never.
class ConditionProbe {
 public:
  using Clock = std::chrono::steady_clock;

  explicit ConditionProbe(const Plan& plan);
  /// Before a step: nothing where it is not one of those. The last one of `goal` always is.
  std::optional<WeightConditions> look(const Plan& plan, std::int64_t step, std::int64_t goal);
  /// The same for lines that a run which goes on repeats: by the steps alone, at the first of those
  /// whose layers are looked at, the second, the fourth, the eighth, ...
  std::optional<WeightConditions> look_for_lines(const Plan& plan, std::int64_t step,
                                                 std::int64_t statistics) const;
  /// After a run's last step, for its last line.
  std::optional<WeightConditions> look_at_the_end(const Plan& plan) const;

 private:
  bool small_ = false;  ///< a look can be waited for
  bool quick_ = false;  ///< and so many of them that nobody asks what they take
  std::int64_t next_ = 0;
  Clock::time_point began_;
  Clock::duration taken_{};
};

}  // namespace nanscope
