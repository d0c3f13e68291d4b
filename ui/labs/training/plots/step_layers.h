#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "ui/labs/training/plots/run_plot.h"

// A run's layers at one of its steps, over depth, as the Signal lab draws those of a pass.
namespace nanscope {

inline constexpr std::string_view kStepLayers = "step_layers";

/// Of the network that the view chooses. Of a run with a history.
const LayerHistory& layers_in_view(const RunSummary& run, const ViewSpec& view);

/// Of the run's looks at its layers the last one before the step that the view chooses, or at it;
/// nothing where the view chooses none, or none was there yet.
std::optional<std::size_t> chosen_look(const RunSummary& run, const ViewSpec& view);

/// Whether it is a run's that stopped being finite in so few steps that it has hardly a curve, of
/// which nobody has chosen another step.
bool is_of_early_death(const RunPicture& picture);
/// Of such a run: a picture whose chosen step is the one in which it died, with the layers that its
/// autopsy measured. Null of others.
std::shared_ptr<const RunPicture> picture_of_death(const RunPicture& picture);
/// In the place of its layers, while its steps are repeated to measure them.
Plot searched_layers(std::shared_ptr<const RunPicture> picture);

/// The variances of each layer's activations, gradients and weights, and what theory predicts of
/// them at the first step (initial_theory()), or why it says nothing. Of a run with a chosen look.
Plot step_layers(std::shared_ptr<const RunPicture> picture);

}  // namespace nanscope
