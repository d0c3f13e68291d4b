#pragma once

#include <optional>
#include <vector>

#include "engine/experiment/view.h"
#include "ui/labs/tensors/plots/tensor_layout.h"

// What an experiment's view says of a chain: its steps count from 1, those of the lab from 0.
namespace nanscope {

/// The element whose address is shown; none where the chain has no such element.
std::optional<TensorCell> element_of(const ViewSpec& view, const TensorChain& chain);

/// The chosen step, or -1.
int step_of(const ViewSpec& view);

/// Where the grids' windows begin, one a step of the chain, each within its tensor.
GridBegins begins_of(const ViewSpec& view, const TensorChain& chain);

/// Puts every window's begin within its step's tensor.
void fit_begins(const TensorChain& chain, GridBegins& begins);

/// Where they begin, for the engine to fill.
std::vector<TensorRequest::Window> windows_of(const ViewSpec& view);

/// As a view names them.
ViewElement view_element(const TensorCell& cell);
std::vector<ViewElement> view_windows(const GridBegins& begins);

/// Whether the cell is one of a step's tensor.
bool is_element(const TensorChain& chain, const TensorCell& cell);

}  // namespace nanscope
