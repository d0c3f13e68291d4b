#pragma once

#include <optional>
#include <vector>

#include "engine/experiment/experiment.h"

// What mean-field theory predicts for the signal at initialization, in exact arithmetic: formulas
// only, no tensors. Sources: Glorot & Bengio 2010, He et al. 2015, Poole et al. 2016, Schoenholz et
// al. 2017; finite-width fluctuations: Hanin & Nica 2019.
namespace nanscope {

/// An expected value and the interval that holds one network of this width with 95 % probability.
struct Band {
  double low = 0;
  double expected = 0;
  double high = 0;
};

struct LayerPrediction {
  Band preactivation_variance;
  Band activation_variance;
  Band activation_grad_variance;
  Band weight_grad_variance;
  double weight_variance = 0;
};

/// What theory has to know of the input data X of shape (B,C).
struct InputMoments {
  double mean = 0;           ///< over all elements
  double second_moment = 1;  ///< mean of x^2 over all elements
  /// Mean over pairs of different samples of cos(x_b, x_b').
  double correlation = 0;
  int features = 0;  ///< C
};

/// Predicts every layer of the experiment, the input layer first where the data has another size
/// than the model is wide. The upstream gradient at the output is N(0,1).
std::vector<LayerPrediction> predict_signal(const Experiment& experiment,
                                            const InputMoments& input);

}  // namespace nanscope
