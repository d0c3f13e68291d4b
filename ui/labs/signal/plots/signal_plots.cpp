#include "ui/labs/signal/plots/signal_plots.h"

#include <algorithm>
#include <array>

#include "ui/labs/signal/plots/backward_variance.h"
#include "ui/labs/signal/plots/forward_variance.h"
#include "ui/labs/signal/plots/histogram.h"
#include "ui/labs/signal/plots/special_values.h"

namespace nanscope {
namespace {

constexpr std::array<SignalPlot, 4> kPlots{
    {{"forward_variance", "plot.forward_variance", draw_forward_variance},
     {"backward_variance", "plot.backward_variance", draw_backward_variance},
     {"histogram", "plot.histogram", draw_histogram},
     {"special_values", "plot.special_values", draw_special_values}}};

}  // namespace

std::span<const SignalPlot> signal_plots() { return kPlots; }

const SignalPlot* find_signal_plot(std::string_view name) {
  const auto found = std::ranges::find(kPlots, name, &SignalPlot::name);
  return found == kPlots.end() ? nullptr : &*found;
}

}  // namespace nanscope
