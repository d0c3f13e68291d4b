#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/network/plan.h"

namespace nanscope {

/// Parameters of a run after so many of its steps: (P), as flat_parameters() has them.
struct RunPosition {
  std::int64_t step = 0;
  at::Tensor parameters;
};

/// The parameters of a run on its way: evenly spread over its steps, as many as memory has room
/// for, and those after one step that is asked for. Where they are no longer finite, or longer than
/// 1e75, the way ends.
class RunWay {
 public:
  /// Bytes of all positions, and how many of them are enough for a picture.
  static constexpr std::int64_t kMostBytes = std::int64_t{256} << 20;
  static constexpr std::int64_t kMost = 65, kFewest = 5;

  /// Of a run of so many steps. Error: parameters of which there is no room for a few positions.
  static Result<RunWay> make(const Plan& plan, std::int64_t steps, std::int64_t after);

  /// With the parameters after so many steps, each number of steps from 0 on once.
  void look(const Plan& plan, std::int64_t step);
  const std::vector<RunPosition>& positions() const { return positions_; }
  /// Those after the step that was asked for; none where the way ended before.
  const std::optional<RunPosition>& middle() const { return middle_; }
  /// The first step, of those that were looked at, after which the way ended.
  std::optional<std::int64_t> lost_after() const { return lost_after_; }

 private:
  RunWay(std::int64_t most, std::int64_t steps, std::int64_t after)
      : most_(most), steps_(steps), after_(after) {}

  std::int64_t most_, steps_, after_;
  std::int64_t apart_ = 1;  ///< steps from one position to the next
  std::vector<RunPosition> positions_;
  std::optional<RunPosition> middle_;
  std::optional<std::int64_t> lost_after_;
};

}  // namespace nanscope
