#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/costs/flops.h"
#include "engine/costs/plan_costs.h"
#include "engine/experiment/experiment.h"
#include "engine/plan/description.h"

// What is alive in each moment of a training step: predicted from the plan alone.
//
// Two numbers belong to a moment. What the engine holds is the same in all of them: every buffer of
// the plan is there before the first step. `by lifetime` is what an allocator would hold that hands
// out a value's memory when it is first written and takes it back after the last read, as
// PyTorch's does: it rises through the forward pass, peaks, and falls through the backward pass.
namespace nanscope {

/// What a step does, in this order; each batch of it does the first four.
enum class StepPart {
  samples,   ///< the next rows are drawn or taken
  forward,   ///< an operation
  again,     ///< an operation once more: what its segment dropped is computed again
  backward,  ///< an operation
  unscale,
  penalty,
  gradient_norm,
  clip,
  optimizer
};
template <>
struct Names<StepPart> {
  static constexpr std::array<std::pair<StepPart, std::string_view>, 9> all{
      {{StepPart::samples, "samples"},
       {StepPart::forward, "forward"},
       {StepPart::again, "again"},
       {StepPart::backward, "backward"},
       {StepPart::unscale, "unscale"},
       {StepPart::penalty, "penalty"},
       {StepPart::gradient_norm, "gradient_norm"},
       {StepPart::clip, "clip"},
       {StepPart::optimizer, "optimizer"}}};
};

/// One moment: an operation in one direction, or a part of the step without operations.
struct TimelineRow {
  StepPart part = StepPart::forward;
  int operation = -1;         ///< its place in the plan; -1 of a part without operations
  std::string layer = {};     ///< "linear 3"
  std::string kind = {};      ///< "linear", "relu"; of a part without operations its name
  std::string equation = {};  ///< there or back
  /// By formula, of one batch: model FLOPs (flops.h) and bytes that it has to move.
  Cost cost = {};
  /// As flops.h counts one operation by itself: model FLOPs, or the elements that it computes.
  double own_flops = 0;
  /// By lifetime: before and after it in bytes, and while it runs, its scratch included.
  std::int64_t before = 0, after = 0;
  PlanMemory alive = {};
  /// Bytes that LibTorch's kernels take beside all that while it runs, of one network.
  std::int64_t temporaries = 0;
  std::vector<std::string> born = {}, freed = {};  ///< names of values, by lifetime

  bool operator==(const TimelineRow&) const = default;
};

struct AliveValue {
  std::string name = {};
  ValueRole role = ValueRole::activation;
  std::int64_t bytes = 0;
  bool operator==(const AliveValue&) const = default;
};

/// Of the last of the batches of a step. Bytes are those of all networks that train side by side.
struct StepTimeline {
  std::int64_t held = 0;  ///< what the engine's buffers hold, all the time
  std::vector<TimelineRow> rows = {};
  int peak = 0;                                ///< the first row in which most is alive
  std::vector<AliveValue> alive_at_peak = {};  ///< by lifetime, the largest first

  std::int64_t peak_bytes() const {
    return rows.empty() ? 0 : rows[static_cast<std::size_t>(peak)].alive.total();
  }
  /// The most of any moment.
  std::int64_t temporaries() const {
    std::int64_t most = 0;
    for (const TimelineRow& row : rows) most = std::max(most, row.temporaries);
    return most;
  }
  bool operator==(const StepTimeline&) const = default;
};

/// Of a plan of training (describe_training()).
StepTimeline step_timeline(const Experiment& experiment, const PlanDescription& plan);

}  // namespace nanscope
