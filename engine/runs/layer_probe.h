#pragma once

#include <cstddef>
#include <vector>

#include "engine/network/plan.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// Parameters that the optimizer moves at a time: of the plan's, those in [first, end).
struct ParameterRange {
  std::size_t first = 0, end = 0;
};

/// Measures what a plan's taps show in one step of a run after another: each value where it was
/// computed and each gradient where it was complete, and then how far the optimizer moved the
/// weights.
class LayerProbe {
 public:
  explicit LayerProbe(const Plan& plan);

  /// A step begins: for the plan's forward and backward.
  Probe begin();
  /// All of the plan's parameters, as many at a time as stay in the cache while they are moved.
  const std::vector<ParameterRange>& ranges() const { return ranges_; }
  /// Before the optimizer moves the parameters of a range, and after that, before the next range.
  void before_update(const ParameterRange& range);
  void after_update(const ParameterRange& range);
  /// What the step showed, layer by layer.
  std::vector<LayerStatistics> layers();

 private:
  const Plan& plan_;
  std::vector<LayerStatistics> layers_;
  std::vector<ParameterRange> ranges_;
  /// The weights among the parameters, as they were; the ranges share one memory.
  std::vector<at::Tensor> before_;
};

}  // namespace nanscope
