#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/costs/devices.h"
#include "engine/costs/transformer/config.h"
#include "engine/costs/transformer/inference.h"
#include "engine/costs/transformer/training_memory.h"
#include "engine/costs/transformer/weights.h"

// All that is asked of a transformer at once, each convention a switch.
namespace nanscope {

struct CostRequest {
  std::optional<std::int64_t> batch = {};   ///< sequences a step of each replica; one a micro-batch
  std::optional<std::int64_t> length = {};  ///< 4096, or the context where that is shorter
  AttentionFlops attention = AttentionFlops::full;
  Precision precision = Precision::mixed_bf16;
  OptimizerKind optimizer = OptimizerKind::adam;
  int optimizer_bits = 32;
  std::optional<BytesConvention> convention = {};
  std::optional<ActivationsConvention> activations = {};
  Recompute recompute = Recompute::none;
  std::int64_t accumulation = 1;
  Parallelism parallel = {};
  std::optional<Precision> inference_precision = {};  ///< of weights and cache; as activations
  std::optional<DeviceSheet> device = {};             ///< with what of it is set by hand
  std::optional<double> seconds = {};                 ///< of a step, measured
};

/// One convention as it was taken.
struct CostSwitch {
  std::string option, value, source;
};

/// What a device's figures add.
struct DeviceEstimate {
  std::string device = {};
  double peak = 0;    ///< FLOP/s of one
  bool fits = false;  ///< the training step
  /// Of one micro-batch's sequences, and of their length; nothing where any fits.
  std::optional<std::int64_t> largest_batch = {}, largest_length = {};
  /// The same of generating, with the weights on `tensor` x `pipeline` devices.
  std::optional<std::int64_t> inference_batch = {}, inference_length = {};
  DecodeTime decode = {};
  double step_seconds = 0;  ///< at full peak, all devices
};

struct Utilisation {
  double mfu = 0, hfu = 0;
  double palm_mfu = 0;                         ///< by 6 N + 12 L a d T
  std::optional<double> hfu_korthikanti = {};  ///< of selective recomputation, as published
};

struct CostEstimate {
  ParameterCount parameters;
  std::int64_t batch = 0, length = 0;
  StepFlops flops;
  double rule_with_embeddings = 0, rule_without_embeddings = 0;  ///< 6 N a token, of the batch
  double palm_step = 0;
  BytesPerParameter bytes;
  ActivationsConvention activations = ActivationsConvention::korthikanti;
  std::vector<ActivationTerm> layer_terms;  ///< of the last layer
  double layer_activations = 0;             ///< bytes a token, of the last layer, on one device
  std::vector<DeviceMemory> stages;
  DeviceMemory memory;  ///< of the device that holds most
  double bubble = 0;
  double inference_bytes = 0;  ///< of a weight and a cached number
  double cache_per_token = 0, cache = 0;
  double cache_per_device = 0;  ///< of the batch's cache, with what tensor parallelism repeats
  std::vector<CostSwitch> switches;
  std::vector<std::string> notes;
  std::optional<DeviceEstimate> on_device;
  std::optional<Utilisation> utilisation;
};

/// Errors: what cannot be, named by its option.
Result<CostEstimate> estimate(const Transformer& transformer, const CostRequest& request);

}  // namespace nanscope
