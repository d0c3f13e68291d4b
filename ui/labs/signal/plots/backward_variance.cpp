#include "ui/labs/signal/plots/backward_variance.h"

#include "ui/labs/signal/plots/variance_plot.h"

namespace nanscope {

DepthPlot backward_variance(const SignalView& view, const Style& style, float /*height*/) {
  const SignalSnapshot& snapshot = *view.pass;
  const bool seeds = !snapshot.seeds.activation_grad.empty();
  VariancePlot plot;
  plot.name = "backward_variance";
  plot.backward = true;
  plot.format_limits = true;
  plot.tensors = {SignalTensor::activation_grad, SignalTensor::weight_grad};
  plot.curves = {{SignalTensor::weight_grad, &LayerPrediction::weight_grad_variance, nullptr,
                  style.palette.series[3], Mark::square, Dash{3, 3}},
                 {SignalTensor::activation_grad, &LayerPrediction::activation_grad_variance,
                  seeds ? &snapshot.seeds.activation_grad : nullptr, style.palette.series[2],
                  Mark::triangle, Dash{7, 4}}};
  return variance_plot(view, style, plot);
}

}  // namespace nanscope
