#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/numbers/format.h"

namespace nanscope {

/// How many elements of gradients are how large.
struct MagnitudeCounts {
  int first_exponent = 0;  ///< counts[i] elements have 2^(first_exponent + i) <= |g| < twice that
  std::vector<std::int64_t> counts = {};
  std::int64_t zeros = 0, nonfinite = 0, total = 0;
  bool operator==(const MagnitudeCounts&) const = default;
};

/// Of the parameters of one layer.
struct LayerMagnitudes {
  std::string layer;  ///< its name: "linear 1"
  MagnitudeCounts counted = {};
  bool operator==(const LayerMagnitudes&) const = default;
};

/// How large the elements of all parameters' gradients are in one step, as its backward pass left
/// them: times the loss scale.
struct GradientMagnitudes {
  std::int64_t step = 0;
  double loss_scale = 1;   ///< what the loss was multiplied by
  std::string format;      ///< the narrowest one that gradients went through: "fp16"
  int first_exponent = 0;  ///< as in MagnitudeCounts
  std::vector<std::int64_t> counts = {};
  std::int64_t zeros = 0, nonfinite = 0, total = 0;
  std::vector<LayerMagnitudes> layers = {};  ///< the same, layer by layer
  bool operator==(const GradientMagnitudes&) const = default;
};

/// The counts of all of these together.
MagnitudeCounts added_up(const std::vector<LayerMagnitudes>& layers);
/// With these counts in the place of its own, and no layers.
GradientMagnitudes with_counts(const GradientMagnitudes& gradients, const MagnitudeCounts& counts);

/// The place in `layers` of the one with this number on the axis, where an input layer is 0 and the
/// one behind it 1; layers.size() where there is none.
std::size_t layer_place(const GradientMagnitudes& gradients, int number);

/// Whether numbers that are usual elsewhere leave the format: the range of fp32 is never left by
/// gradients that begin in it.
bool is_narrow(const NumberFormat& format);

}  // namespace nanscope
