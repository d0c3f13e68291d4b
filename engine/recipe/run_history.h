#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/series.h"
#include "engine/recipe/run_record.h"

namespace nanscope {

/// The layers' tensors over the steps that looked at them. Of a long run every second, fourth, ...
/// look stays, so that this keeps its size.
class LayerHistory {
 public:
  static constexpr std::size_t kMostLooks = 1024;
  static constexpr double kNone = -1;

  void add(const RunStep& step);

  const std::vector<std::string>& layers() const { return layers_; }
  const std::vector<double>& steps() const { return steps_; }
  /// An infinity or NaN where the tensor holds one; kNone where the layer has no such tensor.
  double value(LayerQuantity quantity, std::size_t look, std::size_t layer) const {
    return values_[static_cast<std::size_t>(quantity)][look * layers_.size() + layer];
  }
  bool empty() const { return steps_.empty(); }

 private:
  void thin_out();

  std::vector<std::string> layers_;
  std::vector<double> steps_;
  std::array<std::vector<double>, 4> values_;  ///< look by look, a value a layer
  std::size_t seen_ = 0;                       ///< looks
  std::size_t every_ = 1;                      ///< of these the first of so many stays
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
  LayerHistory layers;

  void add(const RunStep& step);
  /// After `step` steps.
  void add(double step, const HeldOut& held_out);
  HeldOut look(std::size_t at) const;
};

}  // namespace nanscope
