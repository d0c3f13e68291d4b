#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/table_reading.h"
#include "engine/experiment/experiment.h"
#include "engine/precision/precision.h"
#include "engine/probes/statistics.h"
#include "engine/theory/prediction.h"

// What one forward and backward pass at initialization showed: plain, immutable values.
namespace nanscope {

constexpr int kTensorCount = 5;

/// One layer h_l = [h_{l-1} +] act(linear(norm(h_{l-1}))).
struct LayerSignal {
  std::string name;                 ///< "linear 1", ..., or "input"
  std::vector<std::int64_t> shape;  ///< of its activation, (B,C)
  /// By SignalTensor. preactivation: act's input; activation: h_l; activation_grad: dL/dh_l.
  std::array<Statistics, kTensorCount> statistics;
  /// Of the tensor that SignalRequest::histogram named; empty without one.
  Histogram histogram;
  LayerPrediction predicted;

  const Statistics& of(SignalTensor tensor) const { return statistics[static_cast<int>(tensor)]; }
};

/// The first value of a pass that is not finite.
struct FirstNonfinite {
  bool backward = false;
  int layer = 0;  ///< index into SignalSnapshot::layers
  std::string layer_name;
  SignalTensor tensor = SignalTensor::activation;
  std::string value;  ///< "inf" if the tensor holds one, else "-inf", else "nan"
};

/// Variances of every network of a plan with N networks: [layer][network].
struct SeedVariances {
  std::vector<std::vector<double>> activation;
  std::vector<std::vector<double>> activation_grad;
};

/// Measured: the bytes that a pass holds, by what for.
struct PassMemory {
  std::int64_t plan = 0;     ///< the buffers of its plan
  std::int64_t draws = 0;    ///< the parameters as drawn, from which those of another gain are made
  std::int64_t input = 0;    ///< X and the upstream gradient as drawn
  std::int64_t scratch = 0;  ///< a layer's weights on their way into a narrower format
  std::int64_t total() const { return plan + draws + input + scratch; }
};

struct PassCost {
  double seconds = 0;             ///< measured: forward, backward and statistics
  double statistics_seconds = 0;  ///< measured: the part spent on statistics
  double speed = 1;               ///< measured: of passes like it, as PassSpeed has it
  double flops = 0;               ///< predicted: forward and backward, a multiply-add is 2
  PassMemory memory;
};

struct PlanDescription;

struct SignalSnapshot {
  Experiment experiment;
  std::string device;       ///< "cpu" or "cuda"
  std::string device_name;  ///< the processor's own name
  int threads = 1;
  std::vector<LayerSignal> layers;
  std::optional<FirstNonfinite> first_nonfinite;
  SeedVariances seeds;  ///< filled when experiment.network.networks > 1
  std::vector<PrecisionUse> precision;
  /// The number format of a layer's activations, its limits drawn in the plots: "fp16".
  std::string activation_format;
  SignalTensor histogram_tensor = SignalTensor::activation;
  InputMoments input;
  std::optional<TableReading> table;  ///< as what the file was read; nothing for other data
  std::shared_ptr<const PlanDescription> plan;  ///< the operations that ran
  PassCost cost;

  bool emulated() const {
    for (const PrecisionUse& use : precision)
      if (use.emulated) return true;
    return false;
  }
};

}  // namespace nanscope
