#pragma once

#include <optional>

#include "ui/charts/labels.h"
#include "ui/labs/signal/plots/depth_plot.h"

// ReLU's derivative is a comparison, [z > 0] or [z <= 0], and both are false for a NaN: behind an
// overflow the gradients of ReLU and leaky ReLU stay finite, and differ from theory.
namespace nanscope {

/// The layers whose derivative was taken at NaN while gradients went on, by index.
struct NanGate {
  int first = 0;
  int last = 0;
  const char* text = "";  ///< key of what happened
};

std::optional<NanGate> find_nan_gate(const SignalSnapshot& snapshot);

/// Shades these layers.
void shade_nan_gate(const DepthCanvas& canvas, const NanGate& gate);
/// Says what happened there, or less, where that hides nothing that is drawn.
void label_nan_gate(const DepthCanvas& canvas, const NanGate& gate, LabelPlaces& places);

}  // namespace nanscope
