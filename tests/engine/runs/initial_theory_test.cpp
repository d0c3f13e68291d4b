#include "engine/recipe/initial_theory.h"

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/recipe/run_history.h"
#include "tests/engine/runs/make_run.h"

// Theory beside the layers of a run's first step.
namespace nanscope {
namespace {

Experiment deep_run(InitScheme scheme, Activation activation) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 8, .width = 128, .activation = activation};
  experiment.network.init.scheme = scheme;
  experiment.network.precision = Precision::fp64;
  experiment.data.kind = DataKind::normal;
  experiment.data.batch = 32;
  experiment.training.statistics = 1;
  return experiment;
}

LayerHistory first_look(const Experiment& experiment) {
  LayerHistory layers;
  layers.add(make_run(experiment)->step());
  return layers;
}

TEST(InitialTheoryTest, IsWhatLayersHaveInTheFirstStep) {
  const c10::InferenceMode without_autograd;
  for (const auto& [scheme, activation] : {std::pair{InitScheme::normal, Activation::relu},
                                           {InitScheme::kaiming, Activation::relu},
                                           {InitScheme::inv_sqrt, Activation::tanh}}) {
    Experiment experiment = deep_run(scheme, activation);
    const auto theory = initial_theory(experiment);
    ASSERT_TRUE(theory);
    ASSERT_EQ(theory->gradient.size(), 8u);
    EXPECT_EQ(theory->gradient.back(), 1);
    constexpr int kSeeds = 6;
    std::vector<double> log_ratio(8);
    for (int seed = 1; seed <= kSeeds; ++seed) {
      experiment.network.seed = seed;
      const LayerHistory layers = first_look(experiment);
      ASSERT_EQ(layers.layers().back(), "head");
      const double last = layers.value(LayerQuantity::gradient, 0, 7);
      for (std::size_t i = 0; i < 8; ++i) {
        const double measured = layers.value(LayerQuantity::gradient, 0, i) / last;
        log_ratio[i] += std::log(measured / theory->gradient[i]) / kSeeds;
        const Band& band = theory->activation[i];
        const double variance = layers.value(LayerQuantity::activation, 0, i);
        EXPECT_LT(std::abs(std::log(variance / band.expected)), 2.2) << name_of(scheme) << i;
      }
    }
    // A network's own chance: the variance of the logarithm grows by about 5 / width a layer
    // (Hanin & Nica 2019), to 0.31 over eight, and four deviations are 2.2; of the mean of six
    // networks 0.9. Without the theory the naive layers are off by log(64) each.
    for (const double ratio : log_ratio) EXPECT_LT(std::abs(ratio), 0.9) << name_of(scheme);
  }
}

TEST(InitialTheoryTest, ThereIsNoneOfTablesAndDropout) {
  Experiment experiment = deep_run(InitScheme::kaiming, Activation::relu);
  experiment.training.dropout = 0.1;
  EXPECT_FALSE(initial_theory(experiment));
  experiment.training.dropout = 0;
  experiment.data.kind = DataKind::digits;
  EXPECT_FALSE(initial_theory(experiment));
}

}  // namespace
}  // namespace nanscope
