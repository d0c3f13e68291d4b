#include "engine/recipe/initial_theory.h"

#include "engine/theory/prediction.h"

namespace nanscope {

std::optional<InitialTheory> initial_theory(const Experiment& experiment) {
  if (reads_table(experiment.data.kind) || experiment.training.dropout > 0) return std::nullopt;
  const std::vector<LayerPrediction> layers = predict_signal(
      experiment.network, experiment.data, {.features = experiment.network.model.width});
  InitialTheory theory;
  for (const LayerPrediction& layer : layers) {
    theory.activation.push_back(layer.activation_variance);
    theory.gradient.push_back(layer.activation_grad_variance.expected /
                              layers.back().activation_grad_variance.expected);
  }
  return theory;
}

}  // namespace nanscope
