#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensor_language/chain.h"

namespace nanscope {

/// How many combinations of the axes that the result lacks an element of it runs along: the length
/// of a matmul's inner dimension, the size of a dimension that is summed; 1 for elementwise.
std::int64_t source_count(const ElementSources& sources);

/// The elements of an operand that the result's element `index` was computed from, one for each of
/// the first `most` combinations: the operands' n-th elements belong together.
std::vector<std::vector<std::int64_t>> source_elements(const ElementSources& sources,
                                                       const ElementSources::Operand& operand,
                                                       std::span<const std::int64_t> index,
                                                       std::int64_t most);

}  // namespace nanscope
