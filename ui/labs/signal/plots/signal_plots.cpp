#include "ui/labs/signal/plots/signal_plots.h"

#include <algorithm>
#include <array>

#include "ui/labs/signal/plots/backward_variance.h"
#include "ui/labs/signal/plots/depth_plot.h"
#include "ui/labs/signal/plots/forward_variance.h"
#include "ui/labs/signal/plots/histogram.h"
#include "ui/labs/signal/plots/special_values.h"

namespace nanscope {
namespace {

constexpr std::array<SignalPlot, 4> kPlots{
    {{"forward_variance", "plot.forward_variance", forward_variance},
     {"backward_variance", "plot.backward_variance", backward_variance},
     {"histogram", "plot.histogram", histogram_plot},
     {"special_values", "plot.special_values", special_values}}};

}  // namespace

std::span<const SignalPlot> signal_plots() { return kPlots; }

const SignalPlot* find_signal_plot(std::string_view name) {
  const auto found = std::ranges::find(kPlots, name, &SignalPlot::name);
  return found == kPlots.end() ? nullptr : &*found;
}

Plot plot_of(const SignalPlot& plot, const SignalView& view, const PlotSelection& selection) {
  const auto make = [view, one = plot.make](const Style& style, const PlotPlace& place) {
    SignalView seen = view;
    seen.held = place.held.y;
    return one(seen, style, place.size.y);
  };
  return {
      .name = std::string(plot.name),
      .draw =
          [=](Canvas& canvas, const PlotPlace& place) {
            draw_depth_plot(canvas, *view.pass, make(canvas.style(), place), selection, place);
          },
      .frame =
          [=](const Style& style, const PlotPlace& place) {
            return depth_frame(*view.pass, style, make(style, place), place);
          },
      .read =
          [=](const Style& style, const PlotPlace& place, ImVec2 pointer) {
            return read_depth_plot(*view.pass, style, make(style, place), place, pointer);
          },
      .cells = plot.name == "histogram",
  };
}

}  // namespace nanscope
