#include "ui/labs/signal/plots/forward_variance.h"

#include "ui/labs/signal/plots/variance_plot.h"

namespace nanscope {

DepthPlot forward_variance(const SignalView& view, const Style& style, float /*height*/) {
  const SignalSnapshot& snapshot = *view.pass;
  const bool seeds = !snapshot.seeds.activation.empty();
  VariancePlot plot;
  plot.name = "forward_variance";
  plot.format_limits = true;
  // Weights that do not fit the format break a pass before its first matmul.
  plot.tensors = {SignalTensor::weight, SignalTensor::preactivation, SignalTensor::activation};
  plot.curves = {{SignalTensor::preactivation, &LayerPrediction::preactivation_variance, nullptr,
                  style.palette.series[1], Mark::diamond, Dash{3, 3}},
                 {SignalTensor::activation, &LayerPrediction::activation_variance,
                  seeds ? &snapshot.seeds.activation : nullptr, style.palette.series[0],
                  Mark::circle, Dash{7, 4}}};
  return variance_plot(view, style, plot);
}

}  // namespace nanscope
