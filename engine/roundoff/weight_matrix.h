#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace nanscope {

/// Weights (rows, columns) = (out, in), row-major, and where they come from.
struct WeightMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;
  std::string
      source;  ///< "model.safetensors: layer.0.weight F16 (512, 512)", or how they were drawn
};

/// The most weights that an experiment looks at: whole rows from the first one on.
constexpr std::size_t kMostWeights = std::size_t{1} << 18;

/// A tensor of a .safetensors file, its first dimension taken as rows; an empty name means its
/// largest matrix. Errors as read_safetensors(), and for a value that is not finite,
/// for weights that are all 0.
Result<WeightMatrix> read_weights(const std::string& path, const std::string& tensor);

/// 64 x 512 weights ~ N(0, 1/512) with three output channels 16 times as large, as trained
/// networks have a few.
WeightMatrix draw_weights(std::uint64_t seed);

}  // namespace nanscope
