#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/network/plan.h"
#include "engine/probes/measure.h"
#include "engine/recipe/run_record.h"
#include "engine/runs/gradient_counts.h"
#include "engine/training/optimizers/counted_step.h"

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
  /// `counts_gradients`: how large those of the parameters are, too.
  LayerProbe(const Plan& plan, bool counts_gradients);

  /// A step begins: for the plan's forward and backward.
  Probe begin();
  /// All of the plan's parameters, as many at a time as stay in the cache while they are moved.
  const std::vector<ParameterRange>& ranges() const { return ranges_; }
  /// Before the optimizer moves the parameters of a range, and after that, before the next range.
  void before_update(const ParameterRange& range);
  void after_update(const ParameterRange& range);
  /// Whether a parameter is one of the weights, which are measured as they are moved, and how. The
  /// optimizer may do that itself, instead of the two functions above, and tell what it found.
  bool measures(std::size_t parameter) const;
  MeasureOptions options(std::size_t parameter) const;
  void take(std::size_t parameter, const CountedStep& counted);
  /// Of a parameter's gradient, as backward left it in this step; null where no tap showed it.
  const Accumulator* gradient_sums(std::size_t parameter) const;
  /// Of the parameters' gradients, as backward left them in this step, one for each layer of the
  /// plan; empty where they are not counted.
  const std::vector<GradientCounts>& gradient_counts() const { return gradient_counts_; }
  /// What the step showed, layer by layer.
  std::vector<LayerStatistics> layers();

 private:
  /// Where the statistics of one of a step's tensors go.
  struct Place {
    std::size_t layer = 0, tensor = 0;
  };
  /// One of the looks of a step, which are the same in every step.
  struct Look {
    Place place;
    std::optional<Place> same = {};            ///< an earlier look of the step at the same values
    std::optional<std::size_t> weight = {};    ///< a parameter that is measured as it is moved
    std::optional<std::size_t> gradient = {};  ///< the parameter whose gradient it is
    MeasureOptions options = {};               ///< of the others
  };

  void take_before(std::size_t parameter, const Accumulator& sums);
  void take_moved(std::size_t parameter, const Distance& moved);
  Look make_look(int layer, const PlanTap& tap, Direction direction);
  void look(Look& look, const at::Tensor& values);
  Statistics& at(const Place& place) { return layers_[place.layer].tensors[place.tensor].second; }

  const Plan& plan_;
  std::vector<LayerStatistics> layers_;
  std::vector<Look> looks_;             ///< from the first step on
  std::size_t next_look_ = 0;           ///< of this step
  std::vector<LayerStatistics> known_;  ///< the names of what a step shows
  /// Of the plan's values: which parameter each one is, if any.
  std::vector<std::optional<std::size_t>> parameter_of_;
  std::vector<std::optional<Place>> weight_places_;        ///< one a parameter
  std::vector<std::optional<Accumulator>> gradient_sums_;  ///< one a parameter
  std::vector<GradientCounts> gradient_counts_;            ///< one a layer, or none
  std::vector<std::int64_t> gradient_bins_;                ///< theirs, while they count
  std::vector<ParameterRange> ranges_;
  /// The weights among the parameters, as they were; the ranges share one memory.
  std::vector<at::Tensor> before_;
};

}  // namespace nanscope
