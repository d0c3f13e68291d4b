#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/network/plan.h"
#include "engine/probes/measure.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// Parameters that the optimizer moves at a time: of the plan's, those in [first, end).
struct ParameterRange {
  std::size_t first = 0, end = 0;
};

/// Measures what a plan's taps show in one step of a run after another: each value where it was
/// computed and each gradient where it was complete, and then the weights and how far the optimizer
/// moved them. Everything is measured while it is in the cache for another reason: weights are
/// measured as they are copied, before they are moved.
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
  /// Of a parameter's gradient, as backward left it in this step; null where no tap showed it.
  const Accumulator* gradient_sums(std::size_t parameter) const;
  /// What the step showed, layer by layer.
  std::vector<LayerStatistics> layers();

 private:
  /// Where the statistics of one of a step's tensors go.
  struct Place {
    std::size_t layer = 0, tensor = 0;
  };

  void look(int layer, const PlanTap& tap, Direction direction, const at::Tensor& values);
  Place next_place(int layer, const PlanTap& tap, Direction direction);
  Statistics& at(const Place& place) { return layers_[place.layer].tensors[place.tensor].second; }

  const Plan& plan_;
  std::vector<LayerStatistics> layers_;
  /// The names of what a step shows, in its order, and where the step before had zeros; and how
  /// many of each layer's tensors this one has shown.
  std::vector<LayerStatistics> known_;
  std::vector<std::size_t> shown_;
  /// Of the plan's values: which parameter each one is, if any.
  std::vector<std::optional<std::size_t>> parameter_of_;
  std::vector<std::optional<Place>> weight_places_;        ///< one a parameter
  std::vector<std::optional<Accumulator>> gradient_sums_;  ///< one a parameter
  std::vector<ParameterRange> ranges_;
  /// The weights among the parameters, as they were; the ranges share one memory.
  std::vector<at::Tensor> before_;
};

}  // namespace nanscope
