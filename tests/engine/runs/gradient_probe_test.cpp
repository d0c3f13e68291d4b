#include "engine/runs/gradient_probe.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "engine/recipe/run_history.h"
#include "engine/recipe/run_json.h"
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

TEST(GradientProbeTest, StepsThatLookAtLayersCountThemWhereTheFormatIsNarrow) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = narrow_run(Precision::mixed_fp16);
  experiment.training.statistics = 2;
  const auto run = make_run(experiment);
  for (int i = 0; i < 3; ++i) {
    const RunStep step = run->step();
    ASSERT_EQ(step.gradients.has_value(), i % 2 == 0);
    if (!step.gradients) continue;
    EXPECT_EQ(step.gradients->step, i);
    ASSERT_EQ(step.gradients->layers.size(), step.layers.size());
    std::int64_t total = 0;
    for (const LayerMagnitudes& layer : step.gradients->layers) total += layer.counted.total;
    EXPECT_EQ(total, step.gradients->total);
    EXPECT_EQ(added_up(step.gradients->layers).counts, step.gradients->counts);
  }
  experiment.network.precision = Precision::fp32;
  EXPECT_FALSE(make_run(experiment)->step().gradients);
}

// Steps that look at layers count each gradient when it is complete; a probe counts all of them
// behind the backward pass.
TEST(GradientProbeTest, CountsOnTheWayAreThoseBehindIt) {
  const c10::InferenceMode without_autograd;
  for (const Precision precision : {Precision::mixed_fp16, Precision::fp16, Precision::e5m2})
    for (const Norm norm : {Norm::none, Norm::batchnorm})
      for (const int accumulation : {1, 3}) {
        Experiment experiment = narrow_run(precision);
        experiment.network.model.norm = norm;
        experiment.network.model.activation = Activation::identity;
        experiment.training.accumulation = accumulation;
        experiment.training.recompute = accumulation;
        const auto run = make_run(experiment);
        for (int i = 0; i < 3; ++i) {
          GradientProbe probe(*run);
          const RunStep step = run->step({.layers = true, .watch = &probe});
          ASSERT_TRUE(step.gradients);
          EXPECT_EQ(*step.gradients, probe.magnitudes()) << name_of(precision) << " step " << i;
        }
      }
}

// In mixed precision fp32 holds weight gradients that were computed in fp16, where small ones are
// subnormal, whatever the format that they are kept in.
TEST(GradientProbeTest, SubnormalNumbersAreThoseOfTheFormatThatGradientsAreComputedIn) {
  const c10::InferenceMode without_autograd;
  for (const auto& [precision, smallest_normal] : {std::pair{Precision::mixed_fp16, 0x1p-14},
                                                   {Precision::fp16, 0x1p-14},
                                                   {Precision::fp32, 0x1p-126},
                                                   {Precision::mixed_bf16, 0x1p-126}}) {
    Experiment experiment = narrow_run(precision);
    experiment.network.model.depth = 5;
    experiment.network.model.activation = Activation::sigmoid;
    experiment.network.init.scheme = InitScheme::xavier;
    experiment.training.loss_scale.kind = LossScaleKind::none;
    experiment.data.batch = 4;
    const auto run = make_run(experiment);
    std::int64_t all = 0;
    for (int i = 0; i < 2; ++i) {  // the second step counts them on its way
      const RunStep step = run->step({.layers = true});
      const PlanDescription& plan = run->plan().description();
      std::map<std::string, std::int64_t> counted;
      for (std::size_t p = 0; p < plan.parameters.size(); ++p) {
        if (plan.parameters[p].draw.init != ParameterInit::weight) continue;
        const at::Tensor values = run->buffers().gradients[p].to(at::kDouble).contiguous();
        for (std::int64_t e = 0; e < values.numel(); ++e) {
          const double size = std::abs(values.const_data_ptr<double>()[e]);
          const auto layer = static_cast<std::size_t>(plan.parameters[p].draw.layer);
          counted[plan.layers[layer].name] += size > 0 && size < smallest_normal;
        }
      }
      for (const LayerStatistics& layer : step.layers)
        for (const auto& [name, statistics] : layer.tensors)
          if (name == "weight_grad") {
            EXPECT_EQ(statistics.subnormals, counted[layer.name])
                << name_of(precision) << ' ' << layer.name;
            all += statistics.subnormals;
          }
    }
    EXPECT_EQ(all > 0, smallest_normal == 0x1p-14) << name_of(precision);
  }
}

TEST(GradientProbeTest, ARunFileHasTheCounts) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = narrow_run(Precision::mixed_fp16);
  experiment.training.statistics = 2;
  experiment.training.loss_scale = {.kind = LossScaleKind::fixed, .init = 1024};
  const auto run = make_run(experiment);
  const RunStep step = run->step();
  const std::string header = header_to_json({.experiment = experiment}) + "\n";
  const auto read = run_from_lines(header + step_to_json(step) + "\n");
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_EQ(read->history->gradients.looks().size(), 1u);
  EXPECT_EQ(*read->history->gradients.looks().front(), *step.gradients);
  EXPECT_EQ(*read->gradients, *step.gradients);
  // The same lines again, from the window.
  EXPECT_THAT(run_to_lines(*read), ::testing::HasSubstr(step_to_json(step).substr(0, 20)));
  EXPECT_THAT(run_to_lines(*read), ::testing::HasSubstr("\"first_exponent\""));
  // What no format holds is no reason to hold memory for it.
  for (const char* wild : {R"("first_exponent":-2000000000)", R"("first_exponent":"x")"}) {
    std::string line = step_to_json(step);
    const std::size_t at = line.find("\"first_exponent\""), end = line.find(",\"counts\"", at);
    line.replace(at, end - at, wild);
    const auto damaged = run_from_lines(header + line + "\n");
    if (damaged) {
      EXPECT_FALSE(damaged->gradients);
    }
  }
}

}  // namespace
}  // namespace nanscope
