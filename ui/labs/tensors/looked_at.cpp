#include "ui/labs/tensors/looked_at.h"

#include <algorithm>

namespace nanscope {

std::optional<TensorCell> element_of(const ViewSpec& view, const TensorChain& chain) {
  if (!view.element) return std::nullopt;
  TensorCell cell{view.element->step - 1, view.element->index};
  return is_element(chain, cell) ? std::optional(std::move(cell)) : std::nullopt;
}

int step_of(const ViewSpec& view) { return view.step.value_or(0) - 1; }

GridBegins begins_of(const ViewSpec& view, const TensorChain& chain) {
  GridBegins begins(chain.steps.size());
  for (const ViewElement& window : view.windows)
    if (window.step <= static_cast<int>(begins.size()))
      begins[static_cast<std::size_t>(window.step - 1)] = window.index;
  fit_begins(chain, begins);
  return begins;
}

void fit_begins(const TensorChain& chain, GridBegins& begins) {
  begins.resize(chain.steps.size());
  for (std::size_t i = 0; i < begins.size(); ++i) {
    const std::vector<std::int64_t>& shape = chain.steps[i].shape;
    if (begins[i].size() != shape.size()) begins[i].assign(shape.size(), 0);
    for (std::size_t d = 0; d < shape.size(); ++d)
      begins[i][d] =
          std::clamp<std::int64_t>(begins[i][d], 0, std::max<std::int64_t>(shape[d] - 1, 0));
  }
}

std::vector<TensorRequest::Window> windows_of(const ViewSpec& view) {
  std::vector<TensorRequest::Window> windows;
  for (const ViewElement& one : view.windows) windows.push_back({one.step - 1, one.index, 0});
  return windows;
}

ViewElement view_element(const TensorCell& cell) { return {cell.step + 1, cell.index}; }

std::vector<ViewElement> view_windows(const GridBegins& begins) {
  std::vector<ViewElement> windows;
  for (std::size_t i = 0; i < begins.size(); ++i)
    if (std::ranges::any_of(begins[i], [](std::int64_t begin) { return begin > 0; }))
      windows.push_back({static_cast<int>(i) + 1, begins[i]});
  return windows;
}

bool is_element(const TensorChain& chain, const TensorCell& cell) {
  if (cell.step < 0 || cell.step >= static_cast<int>(chain.steps.size())) return false;
  const TensorStep& step = chain.steps[static_cast<std::size_t>(cell.step)];
  if (cell.index.size() != step.shape.size()) return false;
  for (std::size_t d = 0; d < cell.index.size(); ++d)
    if (cell.index[d] < 0 || cell.index[d] >= step.shape[d]) return false;
  return true;
}

}  // namespace nanscope
