#include "engine/tensors/describe.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace nanscope {
namespace {

/// Looking at all elements takes at most a fraction of a second.
constexpr std::int64_t kMostSummarized = std::int64_t{1} << 24;

struct Dimension {
  std::int64_t size;
  std::int64_t stride;
};

/// The dimensions that matter: along one of size 1 there is no step to take.
std::vector<Dimension> steps_of(const at::Tensor& tensor) {
  std::vector<Dimension> dimensions;
  for (std::int64_t i = 0; i < tensor.dim(); ++i)
    if (tensor.size(i) != 1) dimensions.push_back({tensor.size(i), tensor.stride(i)});
  return dimensions;
}

Gap gap_of(const at::Tensor& tensor) {
  std::vector<Dimension> dimensions = steps_of(tensor);
  const auto stride = [](const Dimension& dimension) { return dimension.stride; };
  if (std::ranges::any_of(dimensions, [](const Dimension& d) { return d.stride == 0; }))
    return Gap::expanded;
  const bool row_major = std::ranges::is_sorted(dimensions, std::greater(), stride);
  std::ranges::sort(dimensions, {}, stride);
  std::int64_t reached = 0;  // the last address of the dimensions with smaller strides
  for (const Dimension& dimension : dimensions) {
    if (dimension.stride <= reached) return Gap::overlapping;
    reached += (dimension.size - 1) * dimension.stride;
  }
  return row_major ? Gap::skipped : Gap::permuted;
}

std::vector<double> to_doubles(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kDouble).contiguous();
  const double* const first = values.const_data_ptr<double>();
  return {first, first + values.numel()};
}

/// Whether a whole number this large may have been rounded to a double.
bool is_rounded(double value) { return std::fabs(value) >= 0x1p53; }

}  // namespace

std::vector<std::int64_t> integers_of(const at::Tensor& tensor, const std::vector<double>& values) {
  if (tensor.scalar_type() != at::kLong || std::ranges::none_of(values, is_rounded)) return {};
  const at::Tensor whole = tensor.contiguous();
  const std::int64_t* const first = whole.const_data_ptr<std::int64_t>();
  return {first, first + whole.numel()};
}

Contiguity contiguity_of(const at::Tensor& tensor) {
  Contiguity contiguity;
  contiguity.contiguous = tensor.is_contiguous();
  if (contiguity.contiguous) return contiguity;
  contiguity.gap = gap_of(tensor);
  std::int64_t expected = 1;
  for (std::int64_t i = tensor.dim() - 1; i >= 0; --i) {
    if (tensor.size(i) == 1) continue;
    if (tensor.stride(i) != expected) {
      contiguity.dimension = static_cast<int>(i);
      contiguity.stride = tensor.stride(i);
      contiguity.expected = expected;
      break;
    }
    expected *= tensor.size(i);
  }
  return contiguity;
}

CellWindow cells_of(const at::Tensor& tensor, const std::vector<std::int64_t>& begin) {
  CellWindow window;
  window.complete = tensor.numel() <= kMostCells;
  at::Tensor shown = tensor;
  for (std::int64_t i = 0; i < tensor.dim(); ++i) {
    const auto index = static_cast<std::size_t>(i);
    const std::int64_t most = window.complete         ? tensor.size(i)
                              : tensor.dim() == 1     ? kMostCells
                              : i + 2 >= tensor.dim() ? kWindowSide
                                                      : 1;
    const std::int64_t size = std::min(tensor.size(i), most);
    const std::int64_t wanted = index < begin.size() ? begin[index] : 0;
    window.size.push_back(size);
    window.begin.push_back(std::clamp<std::int64_t>(wanted, 0, tensor.size(i) - size));
    shown = shown.narrow(i, window.begin.back(), size);
  }
  window.values = to_doubles(shown);
  window.integers = integers_of(shown, window.values);
  return window;
}

CellWindow edges_of(const at::Tensor& tensor) {
  constexpr std::int64_t kMostDimensions = 5;
  CellWindow edges;
  edges.complete = false;
  if (tensor.dim() > kMostDimensions) return edges;
  c10::List<std::optional<at::Tensor>> places;
  for (std::int64_t i = 0; i < tensor.dim(); ++i) {
    const std::int64_t size = tensor.size(i);
    at::Tensor along = at::arange(std::min(size, 2 * kEdgeItems), at::kLong);
    if (size > 2 * kEdgeItems) along.narrow(0, kEdgeItems, kEdgeItems).add_(size - 2 * kEdgeItems);
    std::vector<std::int64_t> shape(static_cast<std::size_t>(tensor.dim()), 1);
    shape[static_cast<std::size_t>(i)] = along.numel();
    edges.size.push_back(along.numel());
    places.push_back(along.view(shape));
  }
  const at::Tensor shown = at::index(tensor, places);
  edges.values = to_doubles(shown);
  edges.integers = integers_of(shown, edges.values);
  return edges;
}

std::optional<CellSummary> summary_of(const at::Tensor& tensor) {
  if (tensor.numel() > kMostSummarized) return std::nullopt;
  CellSummary summary;
  summary.minimum = std::numeric_limits<double>::infinity();
  summary.maximum = -summary.minimum;
  double sum = 0;
  // One row-major block after another, so that no copy of the whole is made.
  const at::Tensor flat = tensor.contiguous().view(-1);
  for (std::int64_t at = 0; at < flat.numel(); at += kMostCells) {
    for (const double value : values_from(flat, at)) {
      sum += value;
      summary.zeros += value == 0 ? 1 : 0;
      summary.infs += std::isinf(value) ? 1 : 0;
      summary.nans += std::isnan(value) ? 1 : 0;
      if (value < summary.minimum) summary.minimum = value;
      if (value > summary.maximum) summary.maximum = value;
    }
  }
  summary.mean = sum / static_cast<double>(tensor.numel());
  if (summary.nans == tensor.numel()) summary.minimum = summary.maximum = std::nan("");
  return summary;
}

at::Tensor flat_storage(const at::Tensor& tensor) {
  const auto cells = static_cast<std::int64_t>(tensor.storage().nbytes() / tensor.element_size());
  return at::empty({0}, tensor.options()).set_(tensor.storage(), 0, {cells}, {1});
}

std::vector<double> values_from(const at::Tensor& flat, std::int64_t begin) {
  const std::int64_t size = std::min(kMostCells, flat.numel() - begin);
  return to_doubles(flat.narrow(0, begin, size));
}

}  // namespace nanscope
