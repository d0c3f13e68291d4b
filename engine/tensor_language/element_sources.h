#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// The elements of one input that an element was computed from.
struct SourceElements {
  int step = 0;
  /// Where several inputs are multiplied, the n-th of every one belong together.
  std::vector<std::vector<std::int64_t>> elements;
  bool complete = true;  ///< there are no more
};

/// Of every input that the element `index` of a step was computed from: its elements, at most
/// `most`. None for a view, and where it is not known.
std::vector<SourceElements> source_elements(const TensorChain& chain, int step,
                                            std::span<const std::int64_t> index, std::int64_t most);

}  // namespace nanscope
