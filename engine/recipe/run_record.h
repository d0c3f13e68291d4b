#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plan/description.h"
#include "engine/recipe/autopsy.h"
#include "engine/recipe/gradient_magnitudes.h"
#include "engine/recipe/live_change.h"

// What a training run tells: plain values.
namespace nanscope {

/// What stands behind a number that is told of several networks together, which is their median
/// (engine/recipe/networks.h).
struct OfNetworks {
  double low = 0, high = 0;       ///< the smallest and the largest finite one; NaN where none is
  std::vector<double> each = {};  ///< by seed; empty where a run's history has let them go
  bool operator==(const OfNetworks&) const = default;
};

/// What a run makes of the rows that are held out.
struct HeldOut {
  double loss = 0;
  std::optional<double> accuracy = {};  ///< share of classes that are right, 0..1; of classes alone
  /// Rows for which some score is no number: they say no class, and none of them is right.
  std::int64_t nan_rows = 0;
  std::optional<OfNetworks> losses = {}, accuracies = {};  ///< of several networks
  bool operator==(const HeldOut&) const = default;
};

/// The condition numbers of a run's weights: of each layer's matrix the largest singular value over
/// the smallest, an infinity where that is 0, NaN where the matrix is not finite.
struct WeightConditions {
  double largest = 0, median = 0;  ///< of the layers
  bool operator==(const WeightConditions&) const = default;
};

/// What one of several networks behind the first has measured of its own layers in a step.
struct NetworkLook {
  std::vector<LayerStatistics> layers = {};
  std::optional<GradientMagnitudes> gradients = {};
  bool operator==(const NetworkLook&) const = default;
};

/// One step. Everything is measured before the optimizer changes the parameters. Of several
/// networks that train side by side the numbers are medians.
struct RunStep {
  std::int64_t step = 0;  ///< from 0
  double loss = 0;
  double lr = 0;         ///< of the step that follows
  double grad_norm = 0;  ///< Euclidean, of all parameters' gradients together, before clipping
  std::optional<double> loss_scale = {};  ///< what multiplied the loss, if anything did
  bool skipped = false;  ///< no update: a gradient was not finite; of networks: of one at least
  std::optional<HeldOut> held_out = {};  ///< at the steps that look at it
  /// At the steps that look at them; of several networks the first one's.
  std::vector<LayerStatistics> layers = {};
  /// There, too, where gradients go through a format that they may leave.
  std::optional<GradientMagnitudes> gradients = {};
  /// At some of the steps of a run that looks at its layers; of several networks the first one's.
  std::optional<WeightConditions> conditions = {};
  std::optional<OfNetworks> losses = {}, grad_norms = {}, loss_scales = {};  ///< of several
  std::vector<bool> skips = {};  ///< by seed, where losses are scaled
  /// Of the networks behind the first, where somebody may choose whose layers are shown.
  std::vector<NetworkLook> others = {};
  std::vector<WeightConditions> other_conditions = {};  ///< there, too, with the first one's
  bool operator==(const RunStep&) const = default;
};

/// What of a step is no finite number, while those before it in this list are.
enum class NonfinitePart {
  loss,
  grad_norm,
  state,  ///< parameters, or what goes on of the optimizer and of norms
};
template <>
struct Names<NonfinitePart> {
  static constexpr std::array<std::pair<NonfinitePart, std::string_view>, 3> all{
      {{NonfinitePart::loss, "loss"},
       {NonfinitePart::grad_norm, "grad_norm"},
       {NonfinitePart::state, "state"}}};
};

/// The first step that measured an infinity or a NaN.
struct FirstNonfiniteStep {
  std::int64_t step = 0;
  NonfinitePart what = NonfinitePart::loss;
  double value = 0;
  int network = 0;  ///< of several, from 0: that of the seed behind so many others
  std::vector<std::string> remedies = {};  ///< key=value: worth a try, and not tried
  /// Of a state: what of it was not finite, and the tensor's name in the plan.
  std::optional<ValueRole> role = {};
  std::string tensor = {};
  bool operator==(const FirstNonfiniteStep&) const = default;
};

/// What has become of one of several networks.
struct NetworkFate {
  std::optional<FirstNonfiniteStep> first_nonfinite = {};  ///< without remedies
  std::int64_t skipped = 0;                                ///< steps without an update
  std::optional<double> loss_scale = {};                   ///< of the next step
  bool operator==(const NetworkFate&) const = default;
};

struct RunHistory;
struct DecisionSurface;

struct RunSummary {
  Experiment experiment;
  std::vector<LiveChange> changes = {};   ///< by step: that were asked for, before it or on its way
  std::optional<FileBytes> data = {};     ///< of the file at data.path, where one is read
  std::int64_t steps = 0;                 ///< that were done
  std::int64_t goal = 0;                  ///< steps after which it is over
  bool emulated = false;                  ///< rounded in software to a format the device lacks
  std::int64_t resumed_after = 0;         ///< steps of these that a checkpoint had behind it
  std::int64_t skipped = 0;               ///< of these, without an update: RunStep::skipped
  std::optional<double> loss_scale = {};  ///< of the next step, if the loss is scaled; a median
  bool stopped = false;                   ///< before the last one, because somebody asked
  double seconds = 0;                     ///< measured: of the steps since then
  std::string checkpoint = {};            ///< the last one that was written, if any
  std::optional<HeldOut> held_out = {};   ///< after the last step, where something is held out
  RunStep last = {};                      ///< of the last step
  std::optional<WeightConditions> conditions = {};  ///< after it, where somebody hears of the steps
  std::optional<FirstNonfiniteStep> first_nonfinite = {};  ///< of several networks the first one
  std::vector<NetworkFate> networks = {};                  ///< by seed; of several alone
  /// Of a run that stopped being finite, once its steps have been repeated to find where; null
  /// where it was not asked for.
  std::shared_ptr<const Autopsy> autopsy = {};
  std::map<ValueRole, std::int64_t> memory =
      {};  ///< bytes that the plan's buffers hold, by what for
  /// Bytes that they would hold in fp32; 0: unknown.
  std::int64_t fp32_memory = 0;
  /// Predicted: of one step, without what is computed again on the way back, which is beside them.
  double forward_flops = 0, backward_flops = 0, recomputed_flops = 0;
  /// After which every row of a table was drawn, but for what fills no batch; 0: drawn anew.
  std::int64_t batches_per_epoch = 0;
  /// Every step, where nobody heard of them as they came; null otherwise.
  std::shared_ptr<const RunHistory> history = {};
  /// Of samples in a plane, where nobody heard of the steps as they came; null otherwise. Of
  /// several networks the first one's, and of those behind it.
  std::shared_ptr<const DecisionSurface> surface = {};
  std::vector<std::shared_ptr<const DecisionSurface>> other_surfaces = {};
  /// Of one of the last steps, where nobody heard of them as they came; null otherwise.
  std::shared_ptr<const GradientMagnitudes> gradients = {};
  /// The same of the networks behind the first.
  std::vector<std::shared_ptr<const GradientMagnitudes>> other_gradients = {};

  /// Of a file: lines that are none of a run's, but for a half last one, and the first's number.
  std::int64_t damaged_lines = 0, first_damaged_line = 0;

  /// Of a network, from 0; the first one's where the others were not looked at.
  const std::shared_ptr<const DecisionSurface>& surface_of(int network) const {
    const auto other = static_cast<std::size_t>(std::max(network, 1)) - 1;
    return network > 0 && other < other_surfaces.size() && other_surfaces[other]
               ? other_surfaces[other]
               : surface;
  }
  const std::shared_ptr<const GradientMagnitudes>& gradients_of(int network) const {
    const auto other = static_cast<std::size_t>(std::max(network, 1)) - 1;
    return network > 0 && other < other_gradients.size() ? other_gradients[other] : gradients;
  }
  bool is_over() const { return steps >= goal; }
  /// The experiment with the changes so far.
  Experiment present() const { return before_step(experiment, changes, steps); }
  /// How many of several networks have stopped being finite.
  std::int64_t lost_networks() const {
    return std::ranges::count_if(
        networks, [](const NetworkFate& one) { return one.first_nonfinite.has_value(); });
  }
  /// Whether no network is finite any more.
  bool is_lost() const { return first_nonfinite && lost_networks() == std::ssize(networks); }
  double step_flops() const { return forward_flops + backward_flops; }  ///< what MFU counts
  double steps_per_second() const {
    return seconds > 0 ? static_cast<double>(steps - resumed_after) / seconds : 0;
  }
};

}  // namespace nanscope
