#include "engine/costs/transformer/weights.h"

#include <algorithm>

namespace nanscope {
namespace {

Weight matrix(Component component, std::string_view name, std::int64_t out, std::int64_t in,
              Split split = Split::tensor) {
  return {.component = component, .name = name, .rows = out, .columns = in, .split = split};
}

Weight vector(Component component, std::string_view name, std::int64_t elements,
              Split split = Split::none) {
  return {.component = component, .name = name, .rows = elements, .product = false, .split = split};
}

void add_norm(std::vector<Weight>& weights, const Transformer& one, std::int64_t elements) {
  weights.push_back(vector(Component::norm, "norm.weight", elements));
  if (one.norm_bias) weights.push_back(vector(Component::norm, "norm.bias", elements));
}

void add_grouped_attention(std::vector<Weight>& weights, const Transformer& one) {
  constexpr Component kInput = Component::attention_input;
  const std::int64_t queries = one.heads * one.head_dim, keys = one.kv_heads * one.head_dim;
  weights.push_back(matrix(kInput, "query", queries, one.width));
  weights.push_back(matrix(kInput, "key", keys, one.width, Split::key_value));
  weights.push_back(matrix(kInput, "value", keys, one.width, Split::key_value));
  if (one.qkv_bias) {
    weights.push_back(vector(kInput, "query.bias", queries, Split::tensor));
    weights.push_back(vector(kInput, "key.bias", keys, Split::key_value));
    weights.push_back(vector(kInput, "value.bias", keys, Split::key_value));
  }
  if (one.query_key_norm != QueryKeyNorm::none) {
    const bool head = one.query_key_norm == QueryKeyNorm::head;
    add_norm(weights, one, head ? one.head_dim : queries);
    add_norm(weights, one, head ? one.head_dim : keys);
  }
}

/// DeepSeek-V2, equations 9 to 19: down to the latent vectors, normalized, and up to the heads. The
/// way down is computed by every device.
void add_latent_attention(std::vector<Weight>& weights, const Transformer& one) {
  constexpr Component kInput = Component::attention_input;
  const LatentAttention& latent = *one.latent;
  const std::int64_t queries = one.heads * one.key_dim();
  if (latent.query_rank > 0) {
    weights.push_back(matrix(kInput, "query.down", latent.query_rank, one.width, Split::none));
    if (one.qkv_bias) weights.push_back(vector(kInput, "query.down.bias", latent.query_rank));
    add_norm(weights, one, latent.query_rank);
    weights.push_back(matrix(kInput, "query.up", queries, latent.query_rank));
  } else {
    weights.push_back(matrix(kInput, "query", queries, one.width));
  }
  const std::int64_t down = latent.key_value_rank + latent.rope_dim;
  weights.push_back(matrix(kInput, "key_value.down", down, one.width, Split::none));
  if (one.qkv_bias) weights.push_back(vector(kInput, "key_value.down.bias", down));
  add_norm(weights, one, latent.key_value_rank);
  weights.push_back(matrix(kInput, "key_value.up", one.heads * (latent.nope_dim + latent.value_dim),
                           latent.key_value_rank));
}

void add_mlp(std::vector<Weight>& weights, const Transformer& one, Component component,
             std::int64_t width) {
  weights.push_back(matrix(component, "up", width, one.width));
  if (one.gated) weights.push_back(matrix(component, "gate", width, one.width));
  weights.push_back(matrix(component, "down", one.width, width));
  if (!one.mlp_bias) return;
  weights.push_back(vector(component, "up.bias", width, Split::tensor));
  if (one.gated) weights.push_back(vector(component, "gate.bias", width, Split::tensor));
  weights.push_back(vector(component, "down.bias", one.width));
}

void add_experts(std::vector<Weight>& weights, const Transformer& one) {
  const Experts& experts = *one.experts;
  weights.push_back(matrix(Component::router, "router", experts.count, one.width, Split::none));
  if (experts.router_bias)
    weights.push_back(vector(Component::router, "router.bias", experts.count));
  Transformer expert = one;
  expert.mlp_bias = experts.bias;
  std::vector<Weight> mlp;
  add_mlp(mlp, expert, Component::experts, experts.width);
  for (Weight& weight : mlp) {
    weight.copies = experts.count;
    weight.active = experts.active;
    weight.split = Split::expert;
    weights.push_back(weight);
  }
  if (experts.shared_width > 0)
    add_mlp(weights, one, Component::shared_experts, experts.shared_width);
  if (experts.shared_gate)
    weights.push_back(matrix(Component::router, "shared.gate", 1, one.width, Split::none));
}

}  // namespace

double tensor_parts(const Weight& weight, const Transformer& one, std::int64_t tensor) {
  if (weight.split == Split::none) return 1;
  const bool by_heads = weight.split == Split::key_value;
  return static_cast<double>(by_heads ? std::min(tensor, one.kv_heads) : tensor);
}

std::vector<Weight> embedding_weights(const Transformer& one) {
  std::vector<Weight> weights{matrix(Component::embedding, "embedding", one.vocabulary, one.width)};
  if (one.positions > 0)
    weights.push_back(
        matrix(Component::positions, "positions", one.positions, one.width, Split::none));
  for (Weight& weight : weights) weight.product = false;  // rows are looked up
  return weights;
}

std::vector<Weight> layer_weights(const Transformer& one, std::int64_t layer) {
  std::vector<Weight> weights;
  for (std::int64_t i = 0; i < one.layer_norms; ++i) add_norm(weights, one, one.width);
  if (one.latent)
    add_latent_attention(weights, one);
  else
    add_grouped_attention(weights, one);
  if (one.sinks)
    weights.push_back(vector(Component::attention_input, "sinks", one.heads, Split::tensor));
  weights.push_back(
      matrix(Component::attention_output, "output", one.width, one.heads * one.value_dim()));
  if (one.output_bias)
    weights.push_back(vector(Component::attention_output, "output.bias", one.width));
  if (one.has_experts(layer))
    add_experts(weights, one);
  else
    add_mlp(weights, one, Component::mlp, one.mlp_width);
  return weights;
}

std::vector<Weight> head_weights(const Transformer& one) {
  std::vector<Weight> weights;
  add_norm(weights, one, one.width);
  weights.push_back(matrix(Component::head, "head", one.vocabulary, one.width));
  weights.back().stored = !one.tied;
  return weights;
}

ParameterCount count_parameters(const Transformer& one) {
  ParameterCount count;
  const auto add = [&](const std::vector<Weight>& weights, std::int64_t layers = 1) {
    for (const Weight& weight : weights) {
      count.total += layers * weight.parameters();
      count.active += layers * weight.active_parameters();
      if (weight.stored) count.by_component[weight.component] += layers * weight.parameters();
    }
  };
  add(embedding_weights(one));
  count.active_without_embedding = -count.active;
  for (const LayerKind& kind : layer_kinds(one)) add(layer_weights(one, kind.layer), kind.count);
  add(head_weights(one));
  count.active_without_embedding += count.active;
  return count;
}

double rough_parameters(const Transformer& one) {
  const auto number = [](std::int64_t value) { return static_cast<double>(value); };
  const auto sum = [&](const std::vector<Weight>& weights) {
    double total = 0;
    for (const Weight& weight : weights)
      total += number(weight.rows) * number(weight.columns) * number(weight.copies);
    return total;
  };
  return sum(embedding_weights(one)) + sum(head_weights(one)) +
         number(one.layers) *
             (sum(layer_weights(one, 0)) + sum(layer_weights(one, one.layers - 1)));
}

}  // namespace nanscope
