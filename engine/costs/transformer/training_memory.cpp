#include "engine/costs/transformer/training_memory.h"

#include <algorithm>

#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

/// Devices that share a weight of each replica.
double parts_of(const Weight& weight, const Transformer& one, const Parallelism& parallel) {
  const double experts = weight.split == Split::expert ? static_cast<double>(parallel.expert) : 1;
  return tensor_parts(weight, one, parallel.tensor) * experts;
}

void add_weights(DeviceMemory& memory, const std::vector<Weight>& weights, const Transformer& one,
                 const TrainingMemoryRequest& request) {
  const Parallelism& parallel = request.parallel;
  const double replicas = static_cast<double>(parallel.data() * parallel.context);
  for (const Weight& weight : weights) {
    if (!weight.stored) continue;
    const double parts = parts_of(weight, one, parallel);
    const double elements = static_cast<double>(weight.parameters()) / parts;
    const double state = request.bytes.optimizer_of(static_cast<double>(weight.elements())) *
                         static_cast<double>(weight.copies) / parts;
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

/// What a layer of each kind holds: there are few kinds, and may be many stages.
struct KindOfLayer {
  bool experts = false;
  DeviceMemory weights = {};
  double activations = 0;  ///< bytes a token
};
std::vector<KindOfLayer> weigh_kinds(const Transformer& one, const TrainingMemoryRequest& request) {
  std::vector<KindOfLayer> kinds;
  for (const LayerKind& kind : layer_kinds(one)) {
    KindOfLayer weighed{.experts = one.has_experts(kind.layer)};
    add_weights(weighed.weights, layer_weights(one, kind.layer), one, request);
    weighed.activations = layer_activations(one, kind.layer, request.activations);
    kinds.push_back(weighed);
  }
  return kinds;
}

/// Layers with and without experts from one layer up to another. A sliding window changes neither
/// weights nor what a layer keeps.
void add_layers(DeviceMemory& memory, const Transformer& one, const std::vector<KindOfLayer>& kinds,
                std::int64_t first, std::int64_t end) {
  std::int64_t with_experts = 0;
  for (std::int64_t layer = first; layer < end; ++layer) with_experts += one.has_experts(layer);
  for (const bool experts : {false, true}) {
    const std::int64_t layers = experts ? with_experts : end - first - with_experts;
    const auto kind = std::ranges::find(kinds, experts, &KindOfLayer::experts);
    if (layers == 0 || kind == kinds.end()) continue;
    const double count = static_cast<double>(layers);
    memory.parameters += count * kind->weights.parameters;
    memory.gradients += count * kind->weights.gradients;
    memory.optimizer += count * kind->weights.optimizer;
    memory.activations += count * kind->activations;
  }
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
  const std::vector<KindOfLayer> kinds = weigh_kinds(one, request);
  std::vector<DeviceMemory> stages;
  for (std::int64_t stage = 0; stage < parallel.pipeline; ++stage) {
    DeviceMemory memory;
    // One forward, one backward: a stage holds as many micro-batches as there are stages from it
    // on.
    const double held =
        static_cast<double>(std::min(parallel.pipeline - stage, request.accumulation));
    add_layers(memory, one, kinds, first_layer(one, parallel, stage),
               first_layer(one, parallel, stage + 1));
    const bool first = stage == 0, last = stage == parallel.pipeline - 1;
    if (first) {
      add_weights(memory, embedding_weights(one), one, request);
      memory.activations += activations_before(one, request.activations);
    }
    memory.activations *= held * tokens;
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
