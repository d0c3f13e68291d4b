#include "engine/costs/transformer/architecture.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "engine/base/nearest_name.h"
#include "engine/costs/transformer/weights.h"

namespace nanscope {
namespace {

/// One field as text.
struct ArchitectureKey {
  std::string_view name;
  std::function<bool(Transformer&, std::string_view)> set;
  std::function<std::string(const Transformer&)> get;
  std::string_view allowed;
};

bool read_whole(std::string_view text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

template <class Field>
ArchitectureKey number_key(std::string_view name, Field field) {
  return {name,
          [field](Transformer& one, std::string_view text) { return read_whole(text, field(one)); },
          [field](const Transformer& one) {
            Transformer copy = one;
            return std::to_string(field(copy));
          },
          "a whole number"};
}

template <class Field>
ArchitectureKey flag_key(std::string_view name, Field field) {
  return {name,
          [field](Transformer& one, std::string_view text) {
            if (text != "true" && text != "false") return false;
            field(one) = text == "true";
            return true;
          },
          [field](const Transformer& one) {
            Transformer copy = one;
            return std::string(field(copy) ? "true" : "false");
          },
          "true or false"};
}

/// A part that is there as soon as one of its fields is set.
template <class Part>
Part& part(std::optional<Part>& one) {
  return one ? *one : one.emplace();
}

/// Whether the heads' dimension is a width divided among them, or waits for one that divides.
bool hangs(const Transformer& one, std::int64_t width) {
  if (one.latent || one.heads <= 0) return false;
  return one.head_dim == 0 || (width % one.heads == 0 && one.head_dim == width / one.heads);
}

/// What does not divide is 0, which check_architecture() refuses.
void divide_width(Transformer& one) {
  if (one.heads > 0) one.head_dim = one.width % one.heads == 0 ? one.width / one.heads : 0;
}

bool set_width(Transformer& one, std::string_view text) {
  const std::int64_t before = one.width;
  if (!read_whole(text, one.width)) return false;
  if (before <= 0) return true;
  if (one.mlp_width * one.width % before == 0) one.mlp_width = one.mlp_width * one.width / before;
  if (hangs(one, before)) divide_width(one);
  return true;
}

bool set_heads(Transformer& one, std::string_view text) {
  const bool hung = hangs(one, one.width), alone = one.kv_heads == one.heads;
  if (!read_whole(text, one.heads)) return false;
  if (alone) one.kv_heads = one.heads;
  if (hung) divide_width(one);
  return true;
}

/// A part that a first number of 0 takes away: experts, a window, the latent vector.
template <class Part>
bool set_part(std::optional<Part>& one, std::int64_t Part::*first, std::string_view text) {
  std::int64_t number = 0;
  if (!read_whole(text, number)) return false;
  if (number == 0)
    one.reset();
  else
    part(one).*first = number;
  return true;
}

/// Without it heads are of a dimension again.
bool set_latent(Transformer& one, std::string_view text) {
  if (!set_part(one.latent, &LatentAttention::key_value_rank, text)) return false;
  if (!one.latent && one.head_dim == 0) divide_width(one);
  return true;
}

/// All biases at once, as nanoGPT and Llama's config.json have it.
bool set_bias(Transformer& one, std::string_view text) {
  if (text != "true" && text != "false") return false;
  const bool on = text == "true";
  one.qkv_bias = one.output_bias = one.mlp_bias = on;
  one.norm_bias = on && one.norm == Norm::layernorm;
  return true;
}

template <class Named>
ArchitectureKey name_key(std::string_view name, Named Transformer::*field,
                         std::string_view allowed) {
  return {name,
          [field](Transformer& one, std::string_view text) {
            const auto value = value_of<Named>(text);
            if (value) one.*field = *value;
            return value.has_value();
          },
          [field](const Transformer& one) { return std::string(name_of(one.*field)); }, allowed};
}

// The name of a key and what it sets.
#define NANSCOPE_NUMBER(NAME, FIELD) \
  number_key(NAME, [](Transformer& one) -> std::int64_t& { return FIELD; })
#define NANSCOPE_FLAG(NAME, FIELD) flag_key(NAME, [](Transformer& one) -> bool& { return FIELD; })

std::vector<ArchitectureKey> size_keys() {
  return {NANSCOPE_NUMBER("layers", one.layers),
          {"width", set_width, [](const Transformer& one) { return std::to_string(one.width); },
           "a whole number"},
          {"heads", set_heads, [](const Transformer& one) { return std::to_string(one.heads); },
           "a whole number"},
          NANSCOPE_NUMBER("kv_heads", one.kv_heads),
          NANSCOPE_NUMBER("head_dim", one.head_dim),
          NANSCOPE_NUMBER("mlp_width", one.mlp_width),
          NANSCOPE_NUMBER("vocabulary", one.vocabulary),
          NANSCOPE_NUMBER("positions", one.positions),
          NANSCOPE_NUMBER("context", one.context),
          NANSCOPE_FLAG("gated", one.gated),
          NANSCOPE_FLAG("tied", one.tied),
          {"bias", set_bias,
           [](const Transformer& one) {
             return std::string(one.qkv_bias && one.output_bias && one.mlp_bias ? "true" : "false");
           },
           "true or false"},
          NANSCOPE_FLAG("qkv_bias", one.qkv_bias),
          NANSCOPE_FLAG("output_bias", one.output_bias),
          NANSCOPE_FLAG("mlp_bias", one.mlp_bias),
          name_key("norm", &Transformer::norm, "layernorm or rmsnorm"),
          NANSCOPE_FLAG("norm_bias", one.norm_bias),
          NANSCOPE_NUMBER("layer_norms", one.layer_norms),
          name_key("query_key_norm", &Transformer::query_key_norm, "none, head or all")};
}

std::vector<ArchitectureKey> part_keys() {
  const auto first = [](std::string_view name, auto set, auto get) {
    return ArchitectureKey{name, set,
                           [get](const Transformer& one) { return std::to_string(get(one)); },
                           "a whole number; 0 is none"};
  };
  return {first(
              "window.size",
              [](Transformer& one, std::string_view text) {
                return set_part(one.window, &SlidingWindow::size, text);
              },
              [](const Transformer& one) { return one.window ? one.window->size : 0; }),
          NANSCOPE_NUMBER("window.global_every", part(one.window).global_every),
          first(
              "experts.count",
              [](Transformer& one, std::string_view text) {
                return set_part(one.experts, &Experts::count, text);
              },
              [](const Transformer& one) { return one.experts ? one.experts->count : 0; }),
          NANSCOPE_NUMBER("experts.active", part(one.experts).active),
          NANSCOPE_NUMBER("experts.width", part(one.experts).width),
          NANSCOPE_NUMBER("experts.shared_width", part(one.experts).shared_width),
          NANSCOPE_NUMBER("experts.dense_layers", part(one.experts).dense_layers),
          NANSCOPE_NUMBER("experts.every", part(one.experts).every),
          first("latent.key_value_rank", set_latent,
                [](const Transformer& one) { return one.latent ? one.latent->key_value_rank : 0; }),
          NANSCOPE_NUMBER("latent.query_rank", part(one.latent).query_rank),
          NANSCOPE_NUMBER("latent.rope_dim", part(one.latent).rope_dim),
          NANSCOPE_NUMBER("latent.nope_dim", part(one.latent).nope_dim),
          NANSCOPE_NUMBER("latent.value_dim", part(one.latent).value_dim)};
}

const std::vector<ArchitectureKey>& all_architecture_keys() {
  static const std::vector<ArchitectureKey> keys = [] {
    std::vector<ArchitectureKey> all = size_keys();
    for (ArchitectureKey& key : part_keys()) all.push_back(std::move(key));
    return all;
  }();
  return keys;
}

struct Range {
  std::string_view name;
  std::int64_t value, least, most;
};

Result<void> check_ranges(std::initializer_list<Range> ranges) {
  for (const Range& one : ranges)
    if (one.value < one.least || one.value > one.most)
      return input_error(std::string(one.name), "{} is not allowed; it takes {} to {}.", one.value,
                         one.least, one.most);
  return {};
}

constexpr std::int64_t kMost = 100'000'000;  // of any one size

/// Of two fields that hang together either may have been given: both are named.
Result<void> check_at_most(std::string_view name, std::int64_t value, std::string_view limit,
                           std::int64_t most) {
  if (value <= most) return {};
  return input_error(std::string(name), "{} {} are more than the {} {}; take fewer {} or more {}.",
                     value, name, most, limit, name, limit);
}

Result<void> check_parts(const Transformer& one) {
  if (const auto& latent = one.latent)
    if (auto good = check_ranges({{"latent.query_rank", latent->query_rank, 0, kMost},
                                  {"latent.key_value_rank", latent->key_value_rank, 1, kMost},
                                  {"latent.rope_dim", latent->rope_dim, 0, kMost},
                                  {"latent.nope_dim", latent->nope_dim, 1, kMost},
                                  {"latent.value_dim", latent->value_dim, 1, kMost}});
        !good)
      return good;
  if (const auto& window = one.window)
    if (auto good = check_ranges({{"window.size", window->size, 1, kMost},
                                  {"window.global_every", window->global_every, 0, kMost}});
        !good)
      return good;
  const auto& experts = one.experts;
  if (!experts) return {};
  if (auto good = check_ranges({{"experts.count", experts->count, 1, kMost},
                                {"experts.active", experts->active, 1, kMost},
                                {"experts.width", experts->width, 1, kMost},
                                {"experts.shared_width", experts->shared_width, 0, kMost},
                                {"experts.dense_layers", experts->dense_layers, 0, kMost},
                                {"experts.every", experts->every, 1, kMost}});
      !good)
    return good;
  if (auto good = check_at_most("experts.active", experts->active, "experts.count", experts->count);
      !good)
    return good;
  return check_at_most("experts.dense_layers", experts->dense_layers, "layers", one.layers);
}

}  // namespace

std::vector<LayerKind> layer_kinds(const Transformer& one, std::int64_t first, std::int64_t end) {
  std::vector<LayerKind> kinds;
  for (std::int64_t layer = first; layer < end; ++layer) {
    const auto alike = [&](const LayerKind& kind) {
      return one.has_experts(kind.layer) == one.has_experts(layer) &&
             one.is_local(kind.layer) == one.is_local(layer);
    };
    const auto found = std::ranges::find_if(kinds, alike);
    if (found == kinds.end())
      kinds.push_back({layer, 1});
    else
      ++found->count;
  }
  return kinds;
}

Result<void> check_architecture(const Transformer& one) {
  if (auto good = check_ranges({{"layers", one.layers, 1, 10'000},
                                {"width", one.width, 1, kMost},
                                {"heads", one.heads, 1, kMost},
                                {"kv_heads", one.kv_heads, 1, kMost},
                                {"mlp_width", one.mlp_width, 1, kMost},
                                {"vocabulary", one.vocabulary, 1, kMost},
                                {"positions", one.positions, 0, kMost},
                                {"context", one.context, 1, kMost},
                                {"layer_norms", one.layer_norms, 0, 16}});
      !good)
    return good;
  if (auto good = check_at_most("kv_heads", one.kv_heads, "heads", one.heads); !good) return good;
  if (!one.latent && one.head_dim == 0)
    return input_error("heads",
                       "a width of {} does not divide into {} heads; take a number of heads that "
                       "divides it, or set head_dim.",
                       one.width, one.heads);
  if (auto good = check_ranges({{"head_dim", one.head_dim, one.latent ? 0 : 1, kMost}}); !good)
    return good;
  if (one.heads % one.kv_heads != 0)
    return input_error("kv_heads",
                       "{} heads do not divide among {} heads of keys and values; take heads that "
                       "are a multiple of these.",
                       one.heads, one.kv_heads);
  if (one.norm != Norm::layernorm && one.norm != Norm::rmsnorm)
    return input_error("norm", "{} is not a transformer's; allowed are layernorm, rmsnorm.",
                       name_of(one.norm));
  if (auto good = check_parts(one); !good) return good;
  constexpr double kMostParameters = 1e15;  // and every count below is a whole number of fp64
  const double parameters = rough_parameters(one);
  if (parameters > kMostParameters)
    return input_error("layers", "these sizes make {} parameters; at most 1e15 are counted.",
                       parameters);
  return {};
}

Result<Transformer> with_architecture_key(Transformer transformer, std::string_view key,
                                          std::string_view value) {
  for (const ArchitectureKey& one : all_architecture_keys()) {
    if (one.name != key) continue;
    if (!one.set(transformer, value))
      return input_error(std::string(key), "{} is not allowed; it takes {}.", value, one.allowed);
    return transformer;
  }
  const std::vector<std::string> names = architecture_keys();
  const std::string nearest = nearest_name(key, names);
  return input_error(std::string(key), "no such field of an architecture{}; allowed are {}.",
                     nearest.empty() ? Message() : message("; did you mean {}?", nearest),
                     name_list(names));
}

std::vector<std::string> architecture_keys() {
  std::vector<std::string> names;
  for (const ArchitectureKey& one : all_architecture_keys()) names.emplace_back(one.name);
  return names;
}

std::string architecture_text(const Transformer& transformer, std::string_view key) {
  for (const ArchitectureKey& one : all_architecture_keys())
    if (one.name == key) return one.get(transformer);
  return "";
}

}  // namespace nanscope
