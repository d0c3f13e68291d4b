#include "engine/costs/transformer/forward_flops.h"

#include <algorithm>

#include "engine/costs/flops.h"
#include "engine/costs/napkin/formula.h"
#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

constexpr std::string_view kScores = "attention_scores", kValues = "attention_values";

/// Rows of `times`, or numbers of `numbers`, are what layers add to a part that is there already.
FlopsPart& part_named(std::vector<FlopsPart>& parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &FlopsPart::name);
  return found != parts.end() ? *found : parts.emplace_back(FlopsPart{.name = name});
}

/// A matrix in so many layers.
void add_weight(std::vector<FlopsPart>& parts, const Weight& weight, double layers, double tokens) {
  if (!weight.product) return;
  FlopsPart& part = part_named(parts, name_of(weight.component));
  part.forward += layers * tokens * weight.flops();
  part.times = tokens;
  part.numbers += layers * weight.flops() / 2;
}

void add_pairs(std::vector<FlopsPart>& parts, std::string_view name, double pairs,
               std::int64_t heads, std::int64_t dimension) {
  FlopsPart& part = part_named(parts, name);
  part.numbers = static_cast<double>(heads * dimension);
  part.times += pairs;
  part.forward += matmul_flops(pairs, part.numbers, 1);
}

/// Attention's two products, whose FLOPs are 2 a d for each pair.
void add_attention(std::vector<FlopsPart>& parts, const Transformer& one, std::int64_t layer,
                   double batch, std::int64_t length, AttentionFlops attention) {
  const double pairs = batch * attended_pairs(one, layer, length, attention);
  add_pairs(parts, kScores, pairs, one.heads, one.key_dim());
  add_pairs(parts, kValues, pairs, one.heads, one.value_dim());
}

double sum_of(const std::vector<FlopsPart>& parts) {
  double sum = 0;
  for (const FlopsPart& part : parts) sum += part.forward;
  return sum;
}

double part_of(const std::vector<FlopsPart>& parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &FlopsPart::name);
  return found == parts.end() ? 0 : found->forward;
}

}  // namespace

std::string formula_of(const FlopsPart& part) {
  return "2 * " + exact_number(part.times) + " * " + exact_number(part.numbers);
}

double attended_pairs(const Transformer& one, std::int64_t layer, std::int64_t length,
                      AttentionFlops attention) {
  const double tokens = static_cast<double>(length);
  const double seen =
      one.is_local(layer) ? std::min(tokens, static_cast<double>(one.window->size)) : tokens;
  return attention == AttentionFlops::full ? tokens * seen : tokens * seen - seen * seen / 2;
}

std::vector<FlopsPart> forward_parts(const Transformer& one, std::int64_t batch,
                                     std::int64_t length, AttentionFlops attention) {
  const double sequences = static_cast<double>(batch);
  const double tokens = sequences * static_cast<double>(length);
  std::vector<FlopsPart> parts;
  for (const LayerKind& kind : layer_kinds(one)) {
    const double layers = static_cast<double>(kind.count);
    for (const Weight& weight : layer_weights(one, kind.layer)) {
      if (weight.component == Component::attention_output && weight.product)
        add_attention(parts, one, kind.layer, layers * sequences, length, attention);
      add_weight(parts, weight, layers, tokens);
    }
  }
  for (const Weight& weight : head_weights(one)) add_weight(parts, weight, 1, tokens);
  return parts;
}

StepFlops step_flops(const Transformer& one, std::int64_t batch, std::int64_t length,
                     AttentionFlops attention, Recompute recompute, bool flash) {
  StepFlops flops{.parts = forward_parts(one, batch, length, attention)};
  flops.forward = sum_of(flops.parts);
  flops.backward = 2 * flops.forward;
  const double scores = part_of(flops.parts, kScores);
  flops.attention = scores + part_of(flops.parts, kValues);
  if (recompute == Recompute::full)
    flops.recomputed = flops.forward - part_of(flops.parts, name_of(Component::head));
  else if (recompute == Recompute::selective && !flash)
    flops.recomputed = flops.attention;
  // The kernel's own, whatever else is computed again.
  if (flash) flops.recomputed += scores;
  return flops;
}

double palm_flops_per_token(double parameters, double layers, double heads, double head_dim,
                            double length) {
  return 6 * parameters + 12 * layers * heads * head_dim * length;
}

double decode_flops(const Transformer& one, std::int64_t batch, std::int64_t cached) {
  double weights = 0, attention = 0;
  const double heads = static_cast<double>(one.heads);
  double per_pair = static_cast<double>(one.key_dim() + one.value_dim());
  if (one.latent)
    per_pair = static_cast<double>(2 * one.latent->key_value_rank + one.latent->rope_dim);
  for (const LayerKind& kind : layer_kinds(one)) {
    const double layers = static_cast<double>(kind.count);
    for (const Weight& weight : layer_weights(one, kind.layer)) weights += layers * weight.flops();
    const double seen =
        static_cast<double>(one.is_local(kind.layer) ? std::min(cached, one.window->size) : cached);
    attention += layers * heads * matmul_flops(seen, per_pair, 1);
  }
  for (const Weight& weight : head_weights(one)) weights += weight.flops();
  return static_cast<double>(batch) * (weights + attention);
}

}  // namespace nanscope
