#include "engine/costs/transformer/training_memory.h"

#include <algorithm>

#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

/// Devices that share a weight of each replica.
double parts_of(const Weight& weight, const Transformer& one, const Parallelism& parallel) {
  switch (weight.split) {
    case Split::none:
      return 1;
    case Split::tensor:
      return static_cast<double>(parallel.tensor);
    case Split::key_value:
      return static_cast<double>(std::min(parallel.tensor, one.kv_heads));
    case Split::expert:
      return static_cast<double>(parallel.tensor * parallel.expert);
  }
  return 1;
}

void add_weights(DeviceMemory& memory, const std::vector<Weight>& weights, const Transformer& one,
                 const TrainingMemoryRequest& request, std::int64_t layers = 1) {
  const Parallelism& parallel = request.parallel;
  const double replicas = static_cast<double>(parallel.data() * parallel.context);
  for (const Weight& weight : weights) {
    if (!weight.stored) continue;
    const double parts = parts_of(weight, one, parallel);
    const double elements = static_cast<double>(layers * weight.parameters()) / parts;
    const double state = request.bytes.optimizer_of(static_cast<double>(weight.elements())) *
                         static_cast<double>(layers * weight.copies) / parts;
    const bool expert = weight.split == Split::expert;
    const Shares shares = zero_shares(
        parallel.zero, expert ? replicas / static_cast<double>(parallel.expert) : replicas);
    memory.parameters += request.bytes.weights * elements * shares.weights;
    memory.gradients += request.bytes.gradients * elements * shares.gradients;
    memory.optimizer += state * shares.optimizer;
  }
}

/// The head of a tied embedding, where it is not on the embedding's device.
std::vector<Weight> head_of_last_stage(const Transformer& one, bool alone) {
  std::vector<Weight> weights = head_weights(one);
  for (Weight& weight : weights) weight.stored = weight.stored || !alone;
  return weights;
}

/// First layer of a stage.
std::int64_t first_layer(const Transformer& one, const Parallelism& parallel, std::int64_t stage) {
  const std::int64_t layers = one.layers / parallel.pipeline, more = one.layers % parallel.pipeline;
  return stage * layers + std::min(stage, more);
}

Result<void> check_at_least_one(std::string_view option, std::int64_t value) {
  if (value >= 1 && value <= 100'000'000) return {};
  return input_error(std::string(option), "{} is not allowed; it takes 1 to 100000000.", value);
}

Result<void> check_heads(const Transformer& one, std::int64_t tensor) {
  if (one.heads % tensor != 0)
    return input_error("--tensor", "{} heads do not divide among {} devices; take a divisor of {}.",
                       one.heads, tensor, one.heads);
  if (one.kv_heads % tensor != 0 && tensor % one.kv_heads != 0)
    return input_error("--tensor",
                       "{} heads of keys and values do not divide among {} devices; take a divisor "
                       "or a multiple of {}.",
                       one.kv_heads, tensor, one.kv_heads);
  return {};
}

Result<void> check_expert_parallelism(const Transformer& one, const Parallelism& parallel) {
  if (parallel.expert == 1) return {};
  if (!one.experts)
    return input_error("--expert", "{} has no effect: the model has no experts.", parallel.expert);
  if (one.experts->count % parallel.expert != 0)
    return input_error("--expert", "{} experts do not divide among {} devices.", one.experts->count,
                       parallel.expert);
  if (parallel.data() * parallel.context % parallel.expert != 0)
    return input_error("--expert",
                       "{} does not divide the {} devices that hold the same weights (--devices / "
                       "--tensor / --pipeline).",
                       parallel.expert, parallel.data() * parallel.context);
  return {};
}

}  // namespace

Result<void> check_parallelism(const Transformer& one, const Parallelism& parallel) {
  for (const auto& [option, value] :
       {std::pair<std::string_view, std::int64_t>{"--devices", parallel.devices},
        {"--tensor", parallel.tensor},
        {"--pipeline", parallel.pipeline},
        {"--context", parallel.context},
        {"--expert", parallel.expert}})
    if (auto good = check_at_least_one(option, value); !good) return good;
  if (parallel.zero < 0 || parallel.zero > 3)
    return input_error("--zero", "{} is not allowed; it takes 0 to 3.", parallel.zero);
  if (parallel.pipeline > one.layers)
    return input_error("--pipeline", "{} stages are more than the {} layers.", parallel.pipeline,
                       one.layers);
  if (auto good = check_heads(one, parallel.tensor); !good) return good;
  if (parallel.sequence && parallel.tensor == 1)
    return input_error("--sequence-parallel",
                       "has no effect without --tensor 2 or more, whose devices it is among.");
  const double group = static_cast<double>(parallel.tensor) *
                       static_cast<double>(parallel.pipeline) *
                       static_cast<double>(parallel.context);
  if (group > static_cast<double>(parallel.devices) ||
      parallel.devices % (parallel.tensor * parallel.pipeline * parallel.context) != 0)
    return input_error("--devices",
                       "{} do not divide into replicas of --tensor {} x --pipeline {} x --context "
                       "{} = {} devices.",
                       parallel.devices, parallel.tensor, parallel.pipeline, parallel.context,
                       group);
  return check_expert_parallelism(one, parallel);
}

std::vector<DeviceMemory> stage_memory(const Transformer& one,
                                       const TrainingMemoryRequest& request) {
  const Parallelism& parallel = request.parallel;
  const double tokens =
      static_cast<double>(request.batch) / static_cast<double>(request.accumulation) *
      static_cast<double>(request.activations.length) / static_cast<double>(parallel.context);
  std::vector<DeviceMemory> stages;
  for (std::int64_t stage = 0; stage < parallel.pipeline; ++stage) {
    DeviceMemory memory;
    // One forward, one backward: a stage holds as many micro-batches as there are stages from it
    // on.
    const double held =
        static_cast<double>(std::min(parallel.pipeline - stage, request.accumulation));
    double kept = 0;  // bytes a token of a micro-batch
    for (const LayerKind& kind : layer_kinds(one, first_layer(one, parallel, stage),
                                             first_layer(one, parallel, stage + 1))) {
      add_weights(memory, layer_weights(one, kind.layer), one, request, kind.count);
      kept +=
          static_cast<double>(kind.count) * layer_activations(one, kind.layer, request.activations);
    }
    const bool first = stage == 0, last = stage == parallel.pipeline - 1;
    if (first) {
      add_weights(memory, embedding_weights(one), one, request);
      kept += activations_before(one, request.activations);
    }
    memory.activations = held * kept * tokens;
    if (last) {
      add_weights(memory, head_of_last_stage(one, first), one, request);
      memory.activations += activations_behind(one, request.activations) * tokens;
    }
    stages.push_back(memory);
  }
  return stages;
}

DeviceMemory largest_stage(const std::vector<DeviceMemory>& stages) {
  return *std::ranges::max_element(stages, {}, &DeviceMemory::total);
}

double pipeline_bubble(const Parallelism& parallel, std::int64_t accumulation) {
  const double waits = static_cast<double>(parallel.pipeline - 1);
  return waits / (waits + static_cast<double>(accumulation));
}

}  // namespace nanscope
