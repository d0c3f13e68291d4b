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

/// What the pointer and the person have singled out. Call next_frame() once before the plots of a
/// frame, so that all of them show the same guide line. Indices into SignalSnapshot::layers.
struct PlotSelection {
  std::optional<int> hovered_layer;  ///< written by the plot under the pointer in this frame
  std::optional<int> guide_layer;    ///< what was hovered in the frame before: drawn in every plot
  std::optional<int> chosen_layer;   ///< set by a click; a click on the same layer clears it

  void next_frame() {
    guide_layer = hovered_layer;
    hovered_layer.reset();
  }
};

struct SignalPlot {
  std::string_view name;   ///< "forward_variance": the command line's and the file's name
  std::string_view title;  ///< key of its title in ui/text
  /// Draws into a rectangle of `size` at the cursor: title, legend, axes and data. A snapshot
  /// without layers draws the frame and says that it waits.
  void (*draw)(const SignalSnapshot& snapshot, const Style& style, ImVec2 size,
               PlotSelection& selection);
};

/// The lab's plots in reading order: forward_variance, backward_variance, histogram,
/// special_values.
std::span<const SignalPlot> signal_plots();

/// The plot with this name, or null.
const SignalPlot* find_signal_plot(std::string_view name);

}  // namespace nanscope
