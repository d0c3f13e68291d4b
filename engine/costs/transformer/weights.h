#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "engine/costs/transformer/architecture.h"

// A transformer's weights as a list, from which parameters, FLOPs and memory are summed.
namespace nanscope {

enum class Component {
  embedding,
  positions,
  attention_input,  ///< projections to queries, keys and values
  attention_output,
  mlp,
  experts,
  shared_experts,
  router,
  norm,
  head,
};

/// Among whom tensor and expert parallelism divide a weight (Megatron-LM, Shoeybi et al. 2019).
enum class Split {
  none,       ///< every device has all of it
  tensor,     ///< by columns or rows
  key_value,  ///< by heads of keys and values, which are repeated where there are more devices
  expert,     ///< by experts, and each as `tensor`
};

struct Weight {
  Component component;
  std::string_view name;
  std::int64_t rows = 1, columns = 1;  ///< (out, in); a vector has one column
  std::int64_t copies = 1;             ///< experts
  std::int64_t active = 1;             ///< copies that one token takes
  bool product = true;                 ///< a matrix that activations are multiplied with
  bool stored = true;                  ///< not the head that is the embedding
  Split split = Split::none;

  std::int64_t elements() const { return rows * columns; }
  std::int64_t parameters() const { return stored ? elements() * copies : 0; }
  std::int64_t active_parameters() const { return stored ? elements() * active : 0; }
  /// FLOPs of one token.
  double flops() const { return product ? 2.0 * static_cast<double>(elements() * active) : 0; }
};

/// Of so many tensor-parallel devices those that share a weight; the others repeat it. A layer's
/// experts are shared as other matrices are.
double tensor_parts(const Weight& weight, const Transformer& transformer, std::int64_t tensor);

std::vector<Weight> embedding_weights(const Transformer& transformer);
std::vector<Weight> layer_weights(const Transformer& transformer, std::int64_t layer);
/// The last norm and the head.
std::vector<Weight> head_weights(const Transformer& transformer);

struct ParameterCount {
  std::int64_t total = 0;
  std::int64_t active = 0;  ///< that one token meets: of experts, those chosen
  /// Without the embedding and learned positions, of those active: a head of its own stays (as
  /// torchtitan counts for 6N), a tied one goes with the embedding.
  std::int64_t active_without_embedding = 0;
  std::map<Component, std::int64_t> by_component;
};
ParameterCount count_parameters(const Transformer& transformer);

/// The total in fp64, for sizes that may not fit whole numbers.
double rough_parameters(const Transformer& transformer);

template <>
struct Names<Component> {
  static constexpr std::array<std::pair<Component, std::string_view>, 10> all{
      {{Component::embedding, "embedding"},
       {Component::positions, "positions"},
       {Component::attention_input, "attention_input"},
       {Component::attention_output, "attention_output"},
       {Component::mlp, "mlp"},
       {Component::experts, "experts"},
       {Component::shared_experts, "shared_experts"},
       {Component::router, "router"},
       {Component::norm, "norm"},
       {Component::head, "head"}}};
};

}  // namespace nanscope
