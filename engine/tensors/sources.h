#pragma once

#include <string_view>
#include <vector>

#include "engine/tensor_language/einops_recipe.h"
#include "engine/tensors/executor.h"

// Which elements of its inputs an element of a result was computed from, by the names of axes.
namespace nanscope {

/// A tensor that goes into an operation, and the names of its dimensions' axes.
struct NamedOperand {
  const TensorValue* tensor;
  AxisGroups axes;
};

/// One axis for each dimension, the last one called "0", so that tensors with different numbers of
/// dimensions meet as in broadcasting.
AxisGroups axes_from_last(std::size_t dims);

/// From names of axes to their numbers. Operands that are no steps are left out; a dimension of
/// size 1 whose axis is longer is broadcast.
ElementSources make_sources(const std::vector<NamedOperand>& operands, const AxisGroups& result,
                            const AxisLengths& lengths);

/// torch.einsum's equation: "bij,bjk->bik", "...i,i->...", "ij,jk".
ElementSources sources_of_equation(std::string_view equation,
                                   const std::vector<const TensorValue*>& tensors);

}  // namespace nanscope
