#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/probes/signal.h"
#include "imgui.h"
#include "ui/theme/theme.h"

// The Signal lab's plots: pure functions from a snapshot and a style to a drawing, the same for the
// window, the PNG and the tests. Call them between ImGui::Begin and End, with an ImPlot context.
namespace nanscope {

/// What the pointer and the person have singled out. Plots read it and write what is hovered.
struct PlotSelection {
  std::optional<int> hovered_layer;  ///< index into SignalSnapshot::layers, written by plots
  std::optional<int> chosen_layer;   ///< set by a click
};

struct SignalPlot {
  std::string_view name;   ///< "forward_variance": the command line's and the file's name
  std::string_view title;  ///< key of its title in ui/text
  /// Draws into a rectangle of `size` at the cursor.
  void (*draw)(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
               PlotSelection& selection);
};

/// The lab's plots in reading order: forward_variance, backward_variance, histogram,
/// special_values.
std::span<const SignalPlot> signal_plots();

}  // namespace nanscope
