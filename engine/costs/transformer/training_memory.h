#pragma once

#include <cstdint>
#include <vector>

#include "engine/costs/training_bytes.h"
#include "engine/costs/transformer/activations.h"
#include "engine/costs/transformer/architecture.h"

// What training holds on each device.
namespace nanscope {

/// How devices share the work. Data-parallel ranks are what the others leave of the devices; ZeRO
/// divides by them (and by context-parallel ones, which hold the same weights), never by all.
struct Parallelism {
  std::int64_t devices = 1;
  std::int64_t tensor = 1;    ///< share every matrix (Shoeybi et al. 2019)
  std::int64_t pipeline = 1;  ///< stages of layers, one forward and one backward in turns
  std::int64_t context = 1;   ///< share every sequence
  std::int64_t expert = 1;    ///< of the data-parallel ranks, those that share the experts
  bool sequence = false;      ///< tensor-parallel devices share what lies between matrices, too
  int zero = 0;               ///< stage of ZeRO

  std::int64_t data() const { return devices / (tensor * pipeline * context); }
};

/// Whether the transformer can be divided so. Errors name the option.
Result<void> check_parallelism(const Transformer& transformer, const Parallelism& parallel);

struct TrainingMemoryRequest {
  BytesPerParameter bytes = {};
  ActivationsRequest activations = {};  ///< its length is a whole sequence's
  std::int64_t batch = 1;               ///< sequences a step of each data-parallel rank
  std::int64_t accumulation = 1;        ///< micro-batches that it is gone through in
  Parallelism parallel = {};
};

/// Bytes on one device.
struct DeviceMemory {
  double parameters = 0, gradients = 0, optimizer = 0, activations = 0;
  double total() const { return parameters + gradients + optimizer + activations; }
};

/// Of a device of each pipeline stage, the first one first. Stages have as many layers, the first
/// ones one more where these do not divide; the last one has a copy of a tied embedding.
std::vector<DeviceMemory> stage_memory(const Transformer& transformer,
                                       const TrainingMemoryRequest& request);
/// Of the stage that holds most.
DeviceMemory largest_stage(const std::vector<DeviceMemory>& stages);

/// Share of the time for which pipeline stages wait: (p - 1) / (p - 1 + m) of m micro-batches
/// (Narayanan et al. 2021).
double pipeline_bubble(const Parallelism& parallel, std::int64_t accumulation);

}  // namespace nanscope
