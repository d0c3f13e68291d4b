#include "engine/costs/transformer/inference.h"

#include <algorithm>
#include <cmath>

#include "engine/costs/transformer/forward_flops.h"
#include "engine/costs/transformer/weights.h"

namespace nanscope {

std::int64_t cached_numbers(const Transformer& one) {
  if (one.latent) return one.latent->key_value_rank + one.latent->rope_dim;
  return 2 * one.kv_heads * one.head_dim;
}

double cache_bytes_per_token(const Transformer& one, double bytes) {
  return static_cast<double>(one.layers * cached_numbers(one)) * bytes;
}

double cache_bytes(const Transformer& one, std::int64_t batch, std::int64_t length, double bytes) {
  double tokens = 0;  // over all layers
  for (const LayerKind& kind : layer_kinds(one))
    tokens += static_cast<double>(
        kind.count * (one.is_local(kind.layer) ? std::min(length, one.window->size) : length));
  return static_cast<double>(batch) * tokens * static_cast<double>(cached_numbers(one)) * bytes;
}

double cache_parts(const Transformer& one, std::int64_t tensor) {
  return one.latent ? 1 : static_cast<double>(std::min(tensor, one.kv_heads));
}

double weight_bytes_of_device(const Transformer& one, double bytes, std::int64_t tensor) {
  double numbers = 0;
  const auto add = [&](const std::vector<Weight>& weights, std::int64_t layers = 1) {
    for (const Weight& weight : weights)
      numbers +=
          static_cast<double>(layers * weight.parameters()) / tensor_parts(weight, one, tensor);
  };
  add(embedding_weights(one));
  for (const LayerKind& kind : layer_kinds(one)) add(layer_weights(one, kind.layer), kind.count);
  add(head_weights(one));
  return numbers * bytes;
}

double weight_bytes_read(const Transformer& one, std::int64_t batch, double bytes,
                         std::int64_t tensor) {
  const double tokens = static_cast<double>(batch);
  const auto read = [&](const Weight& weight) {
    const double copies = static_cast<double>(weight.copies);
    const double missed = 1 - static_cast<double>(weight.active) / copies;
    const double times = static_cast<double>(tensor) / tensor_parts(weight, one, tensor);
    return static_cast<double>(weight.elements()) * copies * (1 - std::pow(missed, tokens)) * times;
  };
  double elements = 0;
  for (const Weight& weight : embedding_weights(one))
    elements +=
        static_cast<double>(weight.columns) * std::min(tokens, static_cast<double>(weight.rows));
  for (const LayerKind& kind : layer_kinds(one))
    for (const Weight& weight : layer_weights(one, kind.layer))
      elements += static_cast<double>(kind.count) * read(weight);
  for (const Weight& weight : head_weights(one)) elements += read(weight);
  return elements * bytes;
}

namespace {

/// FLOPs of a token beside the model's: what several tensor-parallel devices compute alike.
double repeated_flops(const Transformer& one, std::int64_t tensor) {
  double flops = 0;
  for (const LayerKind& kind : layer_kinds(one))
    for (const Weight& weight : layer_weights(one, kind.layer))
      flops += static_cast<double>(kind.count) * weight.flops() *
               (static_cast<double>(tensor) / tensor_parts(weight, one, tensor) - 1);
  return flops;
}

}  // namespace

DecodeTime decode_time(const Transformer& one, std::int64_t batch, std::int64_t length,
                       double bytes_of_weight, double bytes_of_cached, double peak,
                       double bandwidth, std::int64_t tensor) {
  DecodeTime time;
  const double devices = static_cast<double>(tensor);
  time.bytes_read =
      weight_bytes_read(one, batch, bytes_of_weight, tensor) +
      cache_bytes(one, batch, length, bytes_of_cached) * devices / cache_parts(one, tensor);
  time.flops = decode_flops(one, batch, length);
  time.memory_seconds = time.bytes_read / (bandwidth * devices);
  time.compute_seconds =
      (time.flops + static_cast<double>(batch) * repeated_flops(one, tensor)) / (peak * devices);
  return time;
}

std::optional<std::int64_t> largest_that_fits(const std::function<double(std::int64_t)>& bytes,
                                              double room, std::int64_t most) {
  if (bytes(most) <= room) return std::nullopt;
  std::int64_t fits = 0, too_many = most;
  while (too_many - fits > 1) {
    const std::int64_t middle = fits + (too_many - fits) / 2;
    (bytes(middle) <= room ? fits : too_many) = middle;
  }
  return fits;
}

}  // namespace nanscope
