#include "engine/runs/gradient_probe.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "tests/engine/runs/make_run.h"

// How large the gradients of a step are.
namespace nanscope {
namespace {

Experiment narrow_run(Precision precision) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 3, .width = 16, .bias = true};
  experiment.network.precision = precision;
  experiment.data.kind = DataKind::spiral;
  experiment.training.optimizer.kind = OptimizerKind::sgd;
  experiment.training.steps = 5;
  return experiment;
}

TEST(GradientProbeTest, EveryElementIsCountedInItsBinade) {
  const c10::InferenceMode without_autograd;
  for (const Precision precision : {Precision::fp64, Precision::fp32, Precision::fp16}) {
    const auto run = make_run(narrow_run(precision));
    run->step();
    GradientProbe probe(*run);
    run->step({.watch = &probe});
    const GradientMagnitudes& found = probe.magnitudes();
    EXPECT_EQ(found.step, 1);
    EXPECT_EQ(found.loss_scale, 1);
    EXPECT_EQ(found.format, name_of(precision));
    // Nothing clips them or divides them: they are what the optimizer got.
    std::map<int, std::int64_t> counts;
    std::int64_t zeros = 0, total = 0;
    for (const at::Tensor& gradient : run->buffers().gradients) {
      const at::Tensor values = gradient.to(at::kDouble).contiguous();
      for (std::int64_t i = 0; i < values.numel(); ++i) {
        const double value = values.const_data_ptr<double>()[i];
        ++(value == 0 ? zeros : counts[std::ilogb(value)]);
      }
      total += values.numel();
    }
    EXPECT_EQ(found.total, total);
    EXPECT_EQ(found.zeros, zeros);
    EXPECT_EQ(found.nonfinite, 0);
    for (std::size_t bin = 0; bin < found.counts.size(); ++bin)
      EXPECT_EQ(found.counts[bin], counts[found.first_exponent + static_cast<int>(bin)]) << bin;
    EXPECT_EQ(std::accumulate(found.counts.begin(), found.counts.end(), zeros), total);
  }
}

TEST(GradientProbeTest, TheLossScaleIsInThem) {
  const c10::InferenceMode without_autograd;
  const auto magnitudes = [](double scale) {
    Experiment experiment = narrow_run(Precision::mixed_fp16);
    experiment.network.model.depth = 9;
    experiment.network.model.activation = Activation::sigmoid;
    experiment.network.init.scheme = InitScheme::xavier;
    experiment.training.loss_scale = {.kind = LossScaleKind::fixed, .init = scale};
    const auto run = make_run(experiment);
    GradientProbe probe(*run);
    run->step({.watch = &probe});
    return probe.magnitudes();
  };
  const GradientMagnitudes small = magnitudes(1), large = magnitudes(4096);
  EXPECT_EQ(large.format, "fp16");
  EXPECT_EQ(large.loss_scale, 4096);
  const auto last = [](const GradientMagnitudes& one) {
    return one.first_exponent + static_cast<int>(one.counts.size());
  };
  EXPECT_EQ(last(large), last(small) + 12);
  EXPECT_LT(large.zeros, small.zeros);
  EXPECT_GT(magnitudes(1e9).nonfinite, 0);
}

}  // namespace
}  // namespace nanscope
