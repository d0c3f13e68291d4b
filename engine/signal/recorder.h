#pragma once

#include <array>
#include <functional>
#include <optional>
#include <vector>

#include "engine/network/plan.h"
#include "engine/probes/measure.h"
#include "engine/probes/signal.h"

namespace nanscope {

/// Measures what a plan's probes offer and keeps it as a snapshot's layers.
class Recorder {
 public:
  enum class Reading {
    at_once,   ///< measure on the spot, while the tensor is in the cache
    deferred,  ///< enqueue the sums on the device and wait for none before read()
  };

  Recorder(const NetworkSpec& spec, int batch, const Plan& plan, Reading reading);
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Counts this tensor of each layer by binade. Deferred recordings count what the plan holds at
  /// read(), which for gradients needs PlanOptions::keep_gradients.
  void count_histogram(std::optional<SignalTensor> which) { histogram_ = which; }
  /// Takes over the weights' statistics of a pass with the same weights, so that they are not
  /// measured again.
  void reuse_weights(const std::vector<LayerSignal>& known);

  /// What record() asks of a layer's weights, and the result if it is known already: record() then
  /// passes over them.
  MeasureOptions weight_options(int layer) const;
  void set_weight(int layer, const Accumulator& total);

  /// A probe: measures what is one of the five tensors of a layer, passes over the rest.
  void record(int layer, const PlanTap& tap, Direction direction, const at::Tensor& values);
  /// Forgets what was enqueued, for a recording that starts anew.
  void begin() { enqueued_.clear(); }
  /// Reads what was enqueued, in one copy from the device. May be repeated after the same work ran
  /// again (a captured graph).
  void read();

  const std::vector<LayerSignal>& layers() const { return layers_; }
  const SeedVariances& seeds() const { return seeds_; }
  /// Spent in record(), measuring at once; 0 for a deferred recording, whose sums run between the
  /// operations.
  double seconds() const { return seconds_; }

 private:
  using Store = std::function<void(const Accumulator&)>;
  struct Enqueued {
    at::Tensor sums;
    std::int64_t count;
    Store store;
  };

  std::optional<SignalTensor> tensor_at(int layer, const PlanTap& tap, Direction direction) const;
  const PlanTap& tap_of(int layer, SignalTensor which) const;
  /// The value, or its gradient, that a tensor of a layer is.
  const at::Tensor& values_of(int layer, SignalTensor which) const;
  const NumberFormat& format_of(int layer, SignalTensor which) const;
  void record_tensor(int layer, SignalTensor which, const at::Tensor& values);
  void measure(const at::Tensor& values, const MeasureOptions& options, Store store);
  /// One network's part of a tensor.
  at::Tensor network(const at::Tensor& values, int index) const;

  NetworkSpec spec_;
  const Plan& plan_;
  Reading reading_;
  std::vector<std::array<const PlanTap*, kTensorCount>> taps_;  ///< by layer and SignalTensor
  std::vector<const Value*> branches_;  ///< by layer; null where nothing is added to the stream
  std::optional<SignalTensor> histogram_;
  std::vector<bool> weight_known_;  ///< by layer
  std::vector<LayerSignal> layers_;
  SeedVariances seeds_;
  std::vector<Enqueued> enqueued_;
  double seconds_ = 0;
};

/// The first value that is not finite, in the order of the pass: forward through the layers weight,
/// pre-activation, activation; then from the last layer back activation and weight gradients.
std::optional<FirstNonfinite> find_first_nonfinite(const std::vector<LayerSignal>& layers);

}  // namespace nanscope
