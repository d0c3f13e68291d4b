#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "engine/costs/transformer/architecture.h"

// What generating tokens costs: the cache of keys and values, and the time for a token.
namespace nanscope {

/// Numbers that one layer keeps of a token: 2 d for each head of keys and values; of latent
/// attention the latent vector and the part of the key that is turned (DeepSeek-V2, 2.1.3).
std::int64_t cached_numbers(const Transformer& transformer);

/// Bytes that one more token adds in all layers: 2 L kv_heads d times bytes.
double cache_bytes_per_token(const Transformer& transformer, double bytes);
/// Of sequences of this length: a layer with a sliding window keeps its window only.
double cache_bytes(const Transformer& transformer, std::int64_t batch, std::int64_t length,
                   double bytes);
/// Of so many tensor-parallel devices those that share the cache: at most the heads of keys and
/// values; a latent vector has no heads, and each device keeps all of it.
double cache_parts(const Transformer& transformer, std::int64_t tensor);

/// Bytes of weights on each of so many tensor-parallel devices: with what is not divided.
double weight_bytes_of_device(const Transformer& transformer, double bytes, std::int64_t tensor);

/// Bytes of weights that a step for B tokens reads: all, of experts those that are chosen by any of
/// them, as expected where each is as likely: E (1 - (1 - k / E)^B). Of the embedding, B rows. All
/// tensor-parallel devices together: what they repeat is read by each.
double weight_bytes_read(const Transformer& transformer, std::int64_t batch, double bytes,
                         std::int64_t tensor = 1);

/// One token for each of B sequences, which have `length` tokens already.
struct DecodeTime {
  double bytes_read = 0;
  double flops = 0;            ///< the model's
  double memory_seconds = 0;   ///< bytes over bandwidth
  double compute_seconds = 0;  ///< FLOPs over peak, with what tensor-parallel devices repeat
  double seconds() const {
    return memory_seconds > compute_seconds ? memory_seconds : compute_seconds;
  }
};
/// Bytes of a weight and of a cached number; FLOP/s and bytes/s of one of the devices that share
/// the work.
DecodeTime decode_time(const Transformer& transformer, std::int64_t batch, std::int64_t length,
                       double weight_bytes, double cache_bytes, double peak, double bandwidth,
                       std::int64_t tensor = 1);

/// The largest whole number for which `bytes` of it are at most `room`; 0 where none is. `bytes`
/// must not fall. Nothing where even `most` fits.
std::optional<std::int64_t> largest_that_fits(const std::function<double(std::int64_t)>& bytes,
                                              double room, std::int64_t most);

}  // namespace nanscope
