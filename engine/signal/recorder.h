#pragma once

#include <optional>
#include <vector>

#include "engine/network/plan.h"
#include "engine/probes/measure.h"
#include "engine/probes/signal.h"

namespace nanscope {

/// Measures what a plan's probes offer and keeps it as a snapshot's layers.
class Recorder {
 public:
  /// `histogram`: the tensor to count by binade.
  Recorder(const Experiment& experiment, const Plan& plan, std::optional<Tensor> histogram);

  /// Takes over the weights' statistics of a pass with the same weights, so that they are not
  /// measured again.
  void reuse_weights(const std::vector<LayerSignal>& known);

  void record(int layer, Tensor which, const at::Tensor& values);

  std::vector<LayerSignal>& layers() { return layers_; }
  const SeedVariances& seeds() const { return seeds_; }
  double seconds() const { return seconds_; }

 private:
  void measure(int layer, Tensor which, const at::Tensor& values);

  const Experiment& experiment_;
  const Plan& plan_;
  std::optional<Tensor> histogram_;
  bool measures_weights_ = true;
  std::vector<LayerSignal> layers_;
  SeedVariances seeds_;
  double seconds_ = 0;
};

/// The first value that is not finite, in the order of the pass: forward through the layers weight,
/// pre-activation, activation; then from the last layer back activation and weight gradients.
std::optional<FirstNonfinite> find_first_nonfinite(const std::vector<LayerSignal>& layers);

}  // namespace nanscope
