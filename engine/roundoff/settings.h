#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/names.h"
#include "engine/numbers/conversion.h"

namespace nanscope {

/// What the experiments on rounding can be asked. Each reads some of these (RoundoffExperiment::
/// controls); ranges are below, and validate_roundoff() keeps them.
struct RoundoffSettings {
  double value = 1e-8;  ///< a number, a distance or a size, as the experiment says
  /// As parse_format() reads them; 1..kMostFormats, and in an experiment 1..kMostChartFormats.
  std::vector<std::string> formats = {"fp32", "tf32", "bf16", "fp16", "e4m3", "e5m2"};
  Rounding rounding = Rounding::nearest_even;  ///< of every operation, but in fp64
  std::optional<Overflow> overflow;            ///< nothing: each format's own
  int length = 10000;                ///< terms of a sum, inner size of a product, rows of a matrix
  double addend = 1e-4;              ///< what is added again and again
  double start = 0;                  ///< what it is added to
  double scale = 65536;              ///< the loss scale
  double condition = 1e4;            ///< largest over smallest singular value
  int block = 32;                    ///< values that share a scale
  std::string accumulator = "fp32";  ///< the wider format that sums are kept in
  std::string path;                  ///< a .safetensors file; empty: drawn weights
  std::string tensor;                ///< a tensor's name in it; empty: the largest matrix
  std::uint64_t seed = 1;
  bool operator==(const RoundoffSettings&) const = default;
};

/// A setting's name, as key and as control.
enum class RoundoffControl {
  value,
  formats,
  rounding,
  overflow,
  length,
  addend,
  start,
  scale,
  condition,
  block,
  accumulator,
  path,
  tensor,
  seed,
};
template <>
struct Names<RoundoffControl> {
  static constexpr std::array<std::pair<RoundoffControl, std::string_view>, 14> all{
      {{RoundoffControl::value, "value"},
       {RoundoffControl::formats, "formats"},
       {RoundoffControl::rounding, "rounding"},
       {RoundoffControl::overflow, "overflow"},
       {RoundoffControl::length, "length"},
       {RoundoffControl::addend, "addend"},
       {RoundoffControl::start, "start"},
       {RoundoffControl::scale, "scale"},
       {RoundoffControl::condition, "condition"},
       {RoundoffControl::block, "block"},
       {RoundoffControl::accumulator, "accumulator"},
       {RoundoffControl::path, "path"},
       {RoundoffControl::tensor, "tensor"},
       {RoundoffControl::seed, "seed"}}};
};

/// An allowed interval, both ends included.
struct RoundoffRange {
  double low;
  double high;
};

constexpr RoundoffRange kValueRange{1e-300, 1e300};
constexpr RoundoffRange kAddendRange{1e-30, 1e30};
constexpr RoundoffRange kStartRange{-1e30, 1e30};
constexpr RoundoffRange kScaleRange{0x1p-40, 0x1p40};
constexpr RoundoffRange kConditionRange{1, 1e16};
constexpr RoundoffRange kBlockRange{2, 4096};
constexpr std::size_t kMostFormats = 20;      ///< all known ones and some of one's own
constexpr std::size_t kMostChartFormats = 8;  ///< more curves cannot be told apart

}  // namespace nanscope
