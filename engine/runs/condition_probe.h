#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "engine/network/plan.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

WeightConditions weight_conditions(const Plan& plan);

/// When a run looks at them: as often as pictures need, and so that it costs the run a twentieth at
/// most. Where one look is more than can be waited for, never; of several networks the first one
/// alone is looked at where all of them are too much.
class ConditionProbe {
 public:
  using Clock = std::chrono::steady_clock;

  /// Plans that stay as long as it, of the same shapes.
  explicit ConditionProbe(std::vector<const Plan*> networks);
  /// Before a step: none where it is not one of those; else of the first network, and of those
  /// behind it or of none of them. The last one of `goal` always is.
  std::vector<WeightConditions> look(std::int64_t step, std::int64_t goal);
  /// Whether a run's line tells of them, which one that goes on repeats: by the steps alone, at the
  /// first of those whose layers are looked at, the second, the fourth, the eighth, ...
  bool is_of_lines(std::int64_t step, std::int64_t statistics) const;
  /// As in look(), at once.
  std::vector<WeightConditions> measure() const;
  /// Of the first network: for a line, and after a run's last step for its last line.
  WeightConditions of_first() const { return weight_conditions(*networks_.front()); }
  std::optional<WeightConditions> look_at_the_end() const;

 private:
  std::vector<const Plan*> networks_;
  std::size_t count_ = 1;  ///< of those that are looked at
  bool small_ = false;     ///< a look can be waited for
  bool quick_ = false;     ///< and so many of them that nobody asks what they take
  std::int64_t next_ = 0;
  Clock::time_point began_;
  Clock::duration taken_{};
};

}  // namespace nanscope
