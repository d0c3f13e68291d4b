#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/series.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// The layers' tensors over the steps that looked at them. Of a long run every second, fourth, ...
/// look stays, so that this keeps its size, and of those up to the next one the extremes.
class LayerHistory {
 public:
  static constexpr std::size_t kMostLooks = 1024;
  static constexpr double kNone = -1;

  /// No more than `most` looks stay.
  LayerHistory() = default;
  explicit LayerHistory(std::size_t most) : most_(most) {}

  void add(std::int64_t step, const std::vector<LayerStatistics>& layers);
  void add(const RunStep& step) { add(step.step, step.layers); }

  const std::vector<std::string>& layers() const { return layers_; }
  const std::vector<double>& steps() const { return steps_; }
  /// An infinity or NaN where the tensor holds one; kNone where the layer has no such tensor.
  double value(LayerQuantity quantity, std::size_t look, std::size_t layer) const {
    return of(values_, quantity, look, layer);
  }
  /// Of this look and those up to the next one that stays: the smallest finite value, above 0 where
  /// one is, and the largest; the first that is not finite where one is.
  double lowest(LayerQuantity quantity, std::size_t look, std::size_t layer) const {
    return of(lowest_, quantity, look, layer);
  }
  double highest(LayerQuantity quantity, std::size_t look, std::size_t layer) const {
    return of(highest_, quantity, look, layer);
  }
  /// Of these what stands out: what is not finite, else what is the most times larger or smaller
  /// than the look itself.
  double extreme(LayerQuantity quantity, std::size_t look, std::size_t layer) const;
  /// Whether a look stands for others, too.
  bool thinned() const { return every_ > 1; }
  bool empty() const { return steps_.empty(); }

 private:
  using Values = std::array<std::vector<double>, 4>;  ///< look by look, a value a layer
  double of(const Values& values, LayerQuantity quantity, std::size_t look,
            std::size_t layer) const {
    return values[static_cast<std::size_t>(quantity)][look * layers_.size() + layer];
  }
  void thin_out();

  std::vector<std::string> layers_;
  std::vector<double> steps_;
  Values values_, lowest_, highest_;
  std::size_t most_ = kMostLooks;
  std::size_t seen_ = 0;   ///< looks
  std::size_t every_ = 1;  ///< of these the first of so many stays
};

/// What was seen at some steps, whole; of a long run every second, fourth, ... look stays.
template <class Seen>
class LookHistory {
 public:
  using Look = std::shared_ptr<const Seen>;
  static constexpr std::size_t kMostLooks = 512;

  LookHistory() = default;
  explicit LookHistory(std::size_t most) : most_(most) {}
  void add(const Seen& look) {
    if (seen_++ % every_ != 0) return;
    looks_.push_back(std::make_shared<const Seen>(look));
    if (looks_.size() <= most_) return;
    for (std::size_t i = 0; 2 * i < looks_.size(); ++i) looks_[i] = looks_[2 * i];
    looks_.resize((looks_.size() + 1) / 2);
    every_ *= 2;
  }
  const std::vector<Look>& looks() const { return looks_; }
  bool empty() const { return looks_.empty(); }

 private:
  std::vector<Look> looks_;
  std::size_t most_ = kMostLooks, seen_ = 0, every_ = 1;  ///< as in LayerHistory
};

/// Gradients over the steps that counted them by their size.
using GradientHistory = LookHistory<GradientMagnitudes>;

/// What a run has seen of one network's own layers.
struct NetworkHistory {
  LayerHistory layers;
  GradientHistory gradients;
};

/// The steps of a run by column, as charts read them.
struct RunHistory {
  Series steps, loss, lr, grad_norm;  ///< of every step, as RunStep has them
  Series seconds;  ///< that the run had worked when a step was done; empty: unknown
  /// Where the loss was scaled: by what, and whether the step was skipped. Empty elsewhere.
  Series loss_scale;
  std::vector<bool> skipped;
  /// Of the steps that looked at the held-out rows, and of the end of the run; accuracy 0..1, empty
  /// where the targets are no classes; nan_rows as HeldOut has them.
  Series looks, held_out_loss, accuracy, nan_rows;
  /// Of several networks, whose medians the columns above are: the smallest and the largest finite
  /// one, a number for each of theirs. Empty of one.
  struct Band {
    Series low, high;
    /// By seed, a step's behind those of the step before it: as long as every step had them, and
    /// there are no more than kMostEach.
    std::vector<double> each = {};
    std::size_t networks = 0;
  };
  Band losses, grad_norms, loss_scales, held_out_losses, accuracies;
  std::vector<bool> skips;                                        ///< of their steps, as Band::each
  static constexpr std::size_t kMostEach = std::size_t{1} << 21;  ///< 16 MiB of each band
  /// Of the steps that looked at the singular values of the weights: the condition number of the
  /// layer where it is the largest, and of the layer in the middle; of several networks the first
  /// one's, and of those behind it.
  Series condition_looks, largest_condition, median_condition;
  struct Conditions {
    Series largest, median;
  };
  std::vector<Conditions> other_conditions;
  /// A column, where a network has one of its own; its number from 0. Else the first one's.
  const Series& of_network(Series RunHistory::*column, int network) const;
  bool has_conditions_of(int network) const {
    return network == 0 || network <= std::ssize(other_conditions);
  }
  /// What only a run's file tells: at some steps the layers' tensors, at others condition numbers.
  LookHistory<LayersOfStep> layer_lines;
  std::vector<std::pair<double, WeightConditions>> condition_lines;
  LayerHistory layers;  ///< of several networks the first one's
  GradientHistory gradients;
  std::vector<NetworkHistory> others;  ///< of the networks behind the first
  /// Those of a network, from 0; the first one's where there are no others.
  const LayerHistory& layers_of(int network) const {
    return is_other(network) ? others[static_cast<std::size_t>(network) - 1].layers : layers;
  }
  const GradientHistory& gradients_of(int network) const {
    return is_other(network) ? others[static_cast<std::size_t>(network) - 1].gradients : gradients;
  }
  bool is_other(int network) const { return network > 0 && network <= std::ssize(others); }

  void add(const RunStep& step);
  /// After `step` steps.
  void add(double step, const HeldOut& held_out);
  void add(double step, const WeightConditions& found,
           const std::vector<WeightConditions>& behind = {});
  HeldOut look(std::size_t at) const;
  /// The i-th, without layers and what is held out.
  RunStep step(std::size_t i) const;
};

/// The step at which a run's curves begin: one from a checkpoint has none before it.
double first_step(const RunSummary& run);

}  // namespace nanscope
