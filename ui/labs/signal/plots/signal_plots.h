#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "ui/charts/plot.h"
#include "ui/labs/signal/plots/signal_view.h"

// The Signal lab's plots: pure functions from a snapshot and a style to a drawing, the same for the
// window, pictures and tests.
namespace nanscope {

struct DepthPlot;

/// What the pointer and the person have singled out. Call next_frame() once before the plots of a
/// frame, so that all of them show the same guide line. Indices into SignalSnapshot::layers.
struct PlotSelection {
  std::optional<int> hovered_layer;  ///< what the pointer is on in this frame
  std::optional<int> guide_layer;    ///< what was hovered in the frame before: drawn in every plot
  std::optional<int> chosen_layer;   ///< set by a click; a click on the same layer clears it

  void next_frame() {
    guide_layer = hovered_layer;
    hovered_layer.reset();
  }
  void click(std::optional<int> layer) {
    if (layer) chosen_layer = chosen_layer == layer ? std::nullopt : layer;
  }
};

struct SignalPlot {
  std::string_view name;   ///< "forward_variance": the command line's and the file's name
  std::string_view title;  ///< key of its title in ui/text
  /// What is drawn into a plot of this height in pixels. Holds on to the view's passes.
  DepthPlot (*make)(const SignalView& view, const Style& style, float height);
};

/// The lab's plots in reading order: forward_variance, backward_variance, histogram,
/// special_values.
std::span<const SignalPlot> signal_plots();

/// The plot with this name, or null.
const SignalPlot* find_signal_plot(std::string_view name);

/// The plot of a pass, and of those beside it, which it holds.
Plot plot_of(const SignalPlot& plot, const SignalView& view, const PlotSelection& selection);

}  // namespace nanscope
