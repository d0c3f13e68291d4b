#include "engine/costs/transformer/activations.h"

namespace nanscope {
namespace {

double as_double(std::int64_t value) { return static_cast<double>(value); }

/// Collects the terms of a layer.
class Terms {
 public:
  explicit Terms(const ActivationsRequest& request)
      : bytes_(request.bytes), llama_(request.convention == ActivationsConvention::llama) {}

  void whole(std::string_view name, double bytes) { terms.push_back({name, bytes, false}); }
  void split(std::string_view name, double bytes) { terms.push_back({name, bytes, true}); }
  /// By heads of keys and values, of which there may be fewer than devices.
  void split_by(std::int64_t kv_heads, std::string_view name, double bytes) {
    terms.push_back({.name = name, .bytes = bytes, .split = true, .most_parts = kv_heads});
  }

  /// What a norm of so many elements keeps: its input; as PyTorch runs RMSNorm an fp32 copy, the
  /// result in the input's format, and one over the root of the mean square.
  void norm(double elements, bool split_by_heads = false) {
    const double fp32_copy = bytes_ < 4 ? 4 : bytes_;
    const double kept = llama_ ? (fp32_copy + bytes_) * elements : bytes_ * elements;
    terms.push_back({"norm", kept, split_by_heads});
  }
  void norm_of_width(double width) {
    norm(width);
    if (llama_) whole("norm.rstd", 4);
  }
  void dropout_mask(double elements) {
    if (!llama_) whole("dropout.mask", elements);
  }
  double bytes() const { return bytes_; }
  bool llama() const { return llama_; }

  std::vector<ActivationTerm> terms;

 private:
  double bytes_;
  bool llama_;
};

void add_queries_and_keys(Terms& terms, const Transformer& one) {
  const double b = terms.bytes(), heads = as_double(one.heads);
  if (!one.latent) {
    const double keys = as_double(one.kv_heads * one.head_dim);
    if (one.query_key_norm != QueryKeyNorm::none) {
      terms.norm(heads * as_double(one.head_dim), true);
      terms.norm(keys, true);
      terms.terms.back().most_parts = one.kv_heads;
    }
    terms.split("query", b * heads * as_double(one.head_dim));
    terms.split_by(one.kv_heads, "key", b * keys);
    terms.split_by(one.kv_heads, "value", b * keys);
    return;
  }
  const LatentAttention& latent = *one.latent;
  if (latent.query_rank > 0) {
    terms.norm(as_double(latent.query_rank));
    terms.whole("query.latent", b * as_double(latent.query_rank));
  }
  terms.norm(as_double(latent.key_value_rank));
  terms.whole("key_value.latent", b * as_double(latent.key_value_rank));
  terms.split("query", b * heads * as_double(one.key_dim()));
  terms.split("key", b * heads * as_double(one.key_dim()));
  terms.split("value", b * heads * as_double(latent.value_dim));
}

void add_attention_terms(Terms& terms, const Transformer& one, std::int64_t length) {
  const double b = terms.bytes(), heads = as_double(one.heads);
  terms.norm_of_width(as_double(one.width));
  terms.whole("attention.input", b * as_double(one.width));
  add_queries_and_keys(terms, one);
  if (terms.llama()) {
    terms.split("attention.log_sum_exp", 4 * heads);
  } else {
    // Softmax, a mask of dropout (one byte), its result: 5 a T in 16 bits.
    const double pairs = heads * as_double(length);
    for (const auto& [name, bytes] :
         {std::pair{"softmax", b}, {"softmax.mask", 1.0}, {"softmax.dropped", b}})
      terms.terms.push_back({name, bytes * pairs, true, true});
  }
  terms.split("attention.output", b * heads * as_double(one.value_dim()));
  terms.dropout_mask(as_double(one.width));
}

void add_mlp_terms(Terms& terms, const Transformer& one, double width) {
  // Two matrices keep what the activation takes and gives; three keep gate, up, the activation of
  // gate and its product with up.
  terms.split("mlp", (one.gated ? 4 : 2) * terms.bytes() * width);
}

void add_expert_terms(Terms& terms, const Transformer& one) {
  const Experts& experts = *one.experts;
  const double b = terms.bytes(), active = as_double(experts.active);
  terms.whole("router", 4 * as_double(experts.count));
  // A token's row once for each expert that it goes to, and what comes back to be weighted.
  terms.whole("experts.input", b * active * as_double(one.width));
  add_mlp_terms(terms, one, active * as_double(experts.width));
  terms.whole("experts.output", b * active * as_double(one.width));
  if (experts.shared_width > 0) add_mlp_terms(terms, one, as_double(experts.shared_width));
}

double share_of(const ActivationTerm& term, const ActivationsRequest& request) {
  if (!term.split && !request.sequence_parallel) return 1;
  const bool repeated = term.most_parts > 0 && term.most_parts < request.tensor;
  return 1 / as_double(repeated ? term.most_parts : request.tensor);
}

double sum_of(const std::vector<ActivationTerm>& terms, const ActivationsRequest& request) {
  double sum = 0;
  for (const ActivationTerm& term : terms) {
    if (term.scores && request.recompute == Recompute::selective) continue;
    sum += term.bytes * share_of(term, request);
  }
  return sum;
}

}  // namespace

std::vector<ActivationTerm> activation_terms(const Transformer& one, std::int64_t layer,
                                             const ActivationsRequest& request) {
  Terms terms(request);
  add_attention_terms(terms, one, request.length);
  terms.norm_of_width(as_double(one.width));
  terms.whole("mlp.input", terms.bytes() * as_double(one.width));
  if (one.has_experts(layer))
    add_expert_terms(terms, one);
  else
    add_mlp_terms(terms, one, as_double(one.mlp_width));
  terms.dropout_mask(as_double(one.width));
  for (std::int64_t i = 2; i < one.layer_norms; ++i) terms.norm_of_width(as_double(one.width));
  return std::move(terms.terms);
}

double layer_activations(const Transformer& one, std::int64_t layer,
                         const ActivationsRequest& request) {
  if (request.recompute == Recompute::full)  // the layer's input alone
    return sum_of({{.name = "layer.input", .bytes = request.bytes * as_double(one.width)}},
                  request);
  return sum_of(activation_terms(one, layer, request), request);
}

double activations_before(const Transformer& one, const ActivationsRequest& request) {
  Terms terms(request);
  terms.dropout_mask(as_double(one.width));
  return sum_of(terms.terms, request);
}

double activations_behind(const Transformer& one, const ActivationsRequest& request) {
  Terms terms(request);
  terms.norm_of_width(as_double(one.width));
  terms.whole("head.input", request.bytes * as_double(one.width));
  terms.split("logits", 4 * as_double(one.vocabulary));
  return sum_of(terms.terms, request);
}

ActivationsConvention usual_activations(const Transformer& one) {
  return one.gated || one.norm == Norm::rmsnorm ? ActivationsConvention::llama
                                                : ActivationsConvention::korthikanti;
}

}  // namespace nanscope
