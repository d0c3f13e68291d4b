#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor_language/einops_recipe.h"
#include "engine/tensors/executor.h"

// Which elements of its inputs an element of a result was computed from.
namespace nanscope {

/// A tensor that goes into an operation, and the names of its dimensions' axes.
struct NamedOperand {
  const TensorValue* tensor;
  AxisGroups axes;
};

/// From names of axes to their numbers. Operands that are no steps are left out; a dimension of
/// size 1 whose axis is longer is broadcast.
ElementSources make_sources(const std::vector<NamedOperand>& operands, const AxisGroups& result,
                            const AxisLengths& lengths);

/// torch.einsum's equation: "bij,bjk->bik", "...i,i->...", "ij,jk".
ElementSources sources_of_equation(std::string_view equation,
                                   const std::vector<const TensorValue*>& tensors);

/// Of a call of LibTorch: matrix products, reductions, elementwise operations with broadcasting,
/// softmax, copies of the same shape. None for others.
ElementSources sources_of_call(Executor& executor, const std::string& name,
                               const Arguments& arguments, bool method, const at::Tensor& result);

}  // namespace nanscope
