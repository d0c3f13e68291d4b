#pragma once

#include <vector>

#include "engine/network/plan.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// Measures what a plan's taps show in one step of a run: each value where it was computed and each
/// gradient where it was complete, and then how far the optimizer moved the parameters.
class LayerProbe {
 public:
  explicit LayerProbe(const Plan& plan);

  /// For the plan's forward and backward.
  Probe probe();
  /// Keeps the parameters as they are, before the optimizer's step.
  void keep_parameters();
  /// After it: what the step showed, layer by layer.
  std::vector<LayerStatistics> layers();

 private:
  const Plan& plan_;
  std::vector<LayerStatistics> layers_;
  std::vector<at::Tensor> before_;  ///< the parameters
};

}  // namespace nanscope
