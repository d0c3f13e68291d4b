#pragma once

#include "engine/theory/deviation.h"
#include "engine/theory/forward_fluctuations.h"
#include "engine/theory/layer_map.h"

namespace nanscope {

/// The gradient at a layer's output, going down through the layers: its part that is random in
/// every direction.
struct RandomGradient {
  Deviation deviation;  ///< of the mean square over the units, log G
  double spread = 0;    ///< E[c^2] of two samples' gradients; their mean correlation is 0
  /// Response to the forward noise that shares weights with the backward noise, and the share of it
  /// that the layer's norm lets through; see shared_response().
  SamplePair<double> shared;
  SamplePair<double> shared_through_norm{1, 1};
  /// Share of G along the layer's output h, over the 1/N of a random direction.
  double radial = 1;
};

/// dL/dh_L = R ~ N(0,1): a sample's mean of N squares has relative variance 2/N.
RandomGradient upstream_gradient(int units);

/// What one layer does to the deviations. Downwards a layer multiplies G by 1 + a, a = branch_gain
/// (just a without residual), with relative deviations from three sources:
///  - act' at N sampled units: the mean of act'(z_i)^2 g_i^2, where g is Gaussian over the units;
///  - W' of N sampled columns: 2/N for one sample (0 for an orthogonal W);
///  - the forward state x, on which E[act'^2] and the norm's scale depend.
/// For relu and one sample this is 5/N a layer, as forward (Hanin & Nica 2019). The weights of the
/// backward pass count as independent of those forward (Yang 2019) but for act'^2 and act^2 at the
/// same units, W along u, and the products of weights in shared_response().
class RandomGradientStep {
 public:
  /// Keeps references.
  RandomGradientStep(const LayerMap& layer, const ForwardFluctuation& forward,
                     const RandomGradient& above);

  /// Of the mean of (dL/dz)^2 u^2 over the units, on the state of the layer's input.
  Deviation weight_grad() const;
  /// E[c^2] of dL/dz of two samples.
  double delta_spread() const { return delta_spread_; }
  /// The gradient at the layer's input.
  RandomGradient below() const;

 private:
  double free() const { return 1 - forward_.conserved; }
  double covariance(const Kernel& kernel, double c) const;
  void set_slope_noise();
  void set_delta_spread();
  double slope_mean() const;
  double radial_slope_gain() const;
  double square_slope_ratio() const;
  double act_relative_mean() const;
  double radial_below() const;
  double radial_through_weights() const;
  double slope_over_value() const;
  double finite_width_gain() const;
  SamplePair<double> own_noise(double branch) const;
  SamplePair<double> shared_response(const SamplePair<double>& above) const;
  SamplePair<double> through_norm() const;
  SamplePair<double> shared_noise() const;
  SamplePair<double> skip_noise() const;
  double spread_below() const;

  const LayerMap& layer_;
  const ForwardFluctuation& forward_;
  const RandomGradient& above_;
  double units_;
  double branch_ = 1, skip_ = 0;  ///< shares of branch and skip in G below
  double share_ = 1;              ///< of act in the amplitude of h'
  SamplePair<double> slope_noise_, square_with_slope_, value_with_slope_;
  double delta_spread_ = 0;
  Vector2 slope_response_;  ///< d log E[act'^2] / dx, x the state of the layer's input
};

}  // namespace nanscope
