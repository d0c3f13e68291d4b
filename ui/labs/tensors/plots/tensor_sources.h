#pragma once

#include <string>
#include <vector>

#include "engine/tensor_language/element_sources.h"
#include "ui/labs/tensors/plots/tensor_cells.h"

// What an element was computed from: the row and the column of a product, the elements of a sum.
namespace nanscope {

/// Of each input; none for a view, or where it is not known.
std::vector<SourceElements> sources_of(const TensorChain& chain, const TensorCell& cell);

/// "[1, :]": the elements as one would index them.
std::string slice_words(const TensorStep& step, const std::vector<Index>& elements);

/// "0 · 2 + 4 · 5 + 8 · 8" where products are summed and all values are known, else "".
std::string sum_words(const TensorChain& chain, const TensorCell& cell);

}  // namespace nanscope
