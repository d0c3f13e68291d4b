#pragma once

#include <vector>

#include "engine/experiment/data.h"
#include "engine/experiment/network.h"
#include "engine/theory/band.h"
#include "engine/theory/small_algebra.h"

// What mean-field theory predicts for the signal at initialization, in exact arithmetic: formulas
// only, no tensors. Sources: Glorot & Bengio 2010, He et al. 2015, Poole et al. 2016, Schoenholz et
// al. 2017; finite-width fluctuations: Hanin & Nica 2019, Roberts, Yaida & Hanin 2022.
//
// layer_map.h              expected values forward, exact at infinite width
// gradient_moments.h       expected values backward; at this width for residuals without a norm
// forward_fluctuations.h   how one network of this width differs, to first order in 1/width
// random_gradient.h        the same backward
// band_limits.h            where that makes a band, and how wide
namespace nanscope {

struct LayerPrediction {
  Band preactivation_variance;
  Band activation_variance;
  Band activation_grad_variance;
  Band weight_grad_variance;
  double weight_variance = 0;
};

/// What theory has to know of the input data X of shape (B,C). Of data of a known law (normal,
/// constant_norm) only `features` counts: the law itself is used, and X's own chance is in the
/// band.
struct InputMoments {
  double mean = 0;           ///< over all elements
  double second_moment = 1;  ///< mean of x^2 over all elements
  /// Mean over pairs of different samples of cos(x_b, x_b').
  double correlation = 0;
  int features = 0;  ///< C
  /// Mean over the same pairs of the cosine's square; 0 where unknown: that of independent values.
  double squared_correlation = 0;
  /// Over the samples: (their mean of (x - mean)^2, their mean of x), relative to that of all.
  Covariance2 of_samples = {};
  /// The same of other networks' X, which is drawn from the same table, around this one's.
  Covariance2 of_networks = {};
};

/// Predicts every layer of the network, the input layer first where the data has another size
/// than the model is wide. The upstream gradient at the output is N(0,1).
std::vector<LayerPrediction> predict_signal(const NetworkSpec& network, const DataSpec& data,
                                            const InputMoments& input);

}  // namespace nanscope
