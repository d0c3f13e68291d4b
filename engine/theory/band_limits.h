#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/theory/band.h"
#include "engine/theory/batch_mean.h"
#include "engine/theory/format_reach.h"
#include "engine/theory/layer_map.h"

// Where a band is drawn, and how wide.
namespace nanscope {

/// Of a layer's tensors, the deviations of log(variance) from that of the expected value.
struct LayerDeviations {
  LogNormal preactivation, activation, activation_grad, weight_grad;
};

/// The expansion to first order in 1/width, widened by what it leaves out, and no band where that
/// may be more than the band itself. The limits were found on some thousand random settings, 100
/// networks each (tests/engine/coverage and tests/engine/theory repeat it in small).
class BandLimits {
 public:
  BandLimits(const NetworkSpec& network, const InputMoments& input,
             const std::vector<LayerMap>& layers, const std::vector<GradientMoments>& gradients,
             const std::vector<LayerDeviations>& deviations);

  Band forward(std::size_t layer, Wide expected, const LogNormal& deviation) const;
  Band backward(std::size_t layer, Wide expected, const LogNormal& deviation) const;

 private:
  std::optional<NoBand> whole_network(const InputMoments& input, int features) const;
  /// What is left out besides, of log(variance).
  double left_out_backward(std::size_t layer) const;
  Band band(Wide expected, const LogNormal& deviation, std::optional<NoBand> missing,
            double rounding, double largest_spread, double left_out) const;

  const NetworkSpec& network_;
  std::optional<NoBand> missing_;  ///< in every layer
  FormatReach reach_;
};

}  // namespace nanscope
