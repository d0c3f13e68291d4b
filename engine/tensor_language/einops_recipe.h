#pragma once

#include <optional>
#include <utility>

#include "engine/tensor_language/einops_pattern.h"

namespace nanscope {

using AxisLengths = std::vector<std::pair<std::string, std::int64_t>>;
/// Names of axes, one list a dimension.
using AxisGroups = std::vector<std::vector<std::string>>;

/// What rearrange, reduce or repeat do to a tensor of a known shape: einops' own five moves, in
/// this order, each left out where there is nothing to do.
struct EinopsRecipe {
  std::optional<std::vector<std::int64_t>> split;        ///< 1: reshape to one size an axis
  std::optional<std::vector<std::int64_t>> permutation;  ///< 2: permute
  std::vector<std::int64_t> reduced;                     ///< 3: reduce along these dimensions
  /// 4: unsqueeze at each position, then expand to the length.
  std::vector<std::pair<std::int64_t, std::int64_t>> added;
  std::int64_t dimensions_with_added = 0;
  std::optional<std::vector<std::int64_t>> merged;  ///< 5: reshape to the sizes of the result
  /// Of the result, one a dimension: "h", "(h w)", "" for 1 and for what "..." stands for.
  std::vector<std::string> dimension_names;
  AxisGroups left, right;  ///< which axes the dimensions of input and result are made of
  AxisLengths lengths;     ///< of all of them
};

/// Finds the recipe, or says what is wrong in einops' words. `operation` is "rearrange", "repeat"
/// or a reduction: "min", "max", "sum", "mean", "prod", "any", "all".
EinopsResult<EinopsRecipe> make_einops_recipe(std::string_view pattern, std::string_view operation,
                                              const std::vector<std::int64_t>& shape,
                                              const AxisLengths& lengths);

/// einops.einsum's pattern with names in torch.einsum's letters: "i k, k j -> i j" is "ab,bc->ac".
struct EinsumPattern {
  std::string equation;
  std::vector<std::string> dimension_names;  ///< of the result; none where it has an ellipsis
};
EinopsResult<EinsumPattern> make_einsum_pattern(std::string_view pattern);

}  // namespace nanscope
