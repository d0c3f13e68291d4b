#pragma once

#include <vector>

#include "ui/labs/signal/plots/depth_plot.h"
#include "ui/labs/signal/plots/signal_view.h"

namespace nanscope {

/// One measured variance over depth and what theory says of it.
struct VarianceCurve {
  SignalTensor tensor = SignalTensor::activation;
  Band LayerPrediction::*predicted = nullptr;
  /// Every network's variance, [layer][network]; empty with a single network.
  const std::vector<std::vector<double>>* seeds = nullptr;
  ImVec4 color;
  Mark mark = Mark::circle;
  Dash dash;
};

struct VariancePlot {
  const char* name = "";  ///< of its title in ui/text
  bool backward = false;  ///< the pass runs from the last layer to the first
  std::vector<VarianceCurve> curves;
  /// Where trouble is looked for, in the order in which a layer's tensors are made.
  std::vector<SignalTensor> tensors;
  /// Draw the squared limits of the activations' number format.
  bool format_limits = false;
};

DepthPlot variance_plot(const SignalView& view, const Style& style, const VariancePlot& plot);

}  // namespace nanscope
