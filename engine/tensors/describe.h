#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "engine/tensor_language/chain.h"

// What a tensor is, as plain values.
namespace nanscope {

/// Whether the elements lie in row-major order without gaps, and if not, why.
Contiguity contiguity_of(const at::Tensor& tensor);

/// Its elements, or where there are more than kMostCells a window that begins at `begin` (clamped;
/// empty: at 0).
CellWindow cells_of(const at::Tensor& tensor, const std::vector<std::int64_t>& begin);

/// 3 elements at each end of every dimension, as PyTorch prints them; of at most 5 dimensions.
CellWindow edges_of(const at::Tensor& tensor);

/// Nothing for so many elements that looking at them all would take seconds.
std::optional<CellSummary> summary_of(const at::Tensor& tensor);

/// A storage as one dimension of cells of this dtype.
at::Tensor flat_storage(const at::Tensor& tensor);

/// A tensor's int64 elements exactly, where some of `values`, which are the same as doubles, may be
/// rounded; else none.
std::vector<std::int64_t> integers_of(const at::Tensor& tensor, const std::vector<double>& values);

/// The first elements of a tensor of one dimension from `begin` on, at most kMostCells.
std::vector<double> values_from(const at::Tensor& flat, std::int64_t begin);

}  // namespace nanscope
