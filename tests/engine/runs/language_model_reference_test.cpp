#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/network/plan.h"
#include "engine/plan/language_model.h"
#include "engine/runs/byte_windows.h"
#include "engine/training/initialize.h"
#include "engine/training/optimizers/optimizers.h"
#include "tests/reference/language_runs.h"

// Transformers that learn bytes against PyTorch's own modules, which learned the same bytes from
// the same seed: language_model.json, written by make_language_model.py.
namespace nanscope {
namespace {

/// What the optimizer reads and writes, with a state of zeros.
OptimizerBuffers language_buffers(const Plan& plan) {
  const PlanDescription& description = plan.description();
  OptimizerBuffers buffers;
  buffers.state.resize(description.parameters.front().state.size());
  for (const PlanParameter& one : description.parameters) {
    buffers.parameters.push_back(plan.value(one.value).data());
    buffers.gradients.push_back(plan.value(one.value).gradient());
    if (description.optimizer_step != kNoValue)
      buffers.steps.push_back(plan.value(description.optimizer_step).data().zero_());
    for (std::size_t i = 0; i < one.state.size(); ++i)
      buffers.state[i].push_back(plan.value(one.state[i]).data().zero_());
  }
  return buffers;
}

std::vector<double> learn(const LanguageRun& run, Precision precision) {
  const PrecisionRow row = *precision_row(precision, Execution::automatic, /*cuda=*/false);
  Plan plan(std::make_shared<const PlanDescription>(describe_language_model(
      run.model, run.transformer, row, {.batch = run.batch, .optimizer = run.optimizer.kind})));
  at::Generator generator = seeded_generator(run.seed);
  for (const PlanParameter& one : plan.description().parameters)
    plan.value(one.value).data().copy_(
        draw_parameter(run.init, one.draw, generator).mul_(scale_of(run.init, one.draw.init)));
  const ByteFile text = ByteFile::open(NANSCOPE_SOURCE_DIR "/" + run.path).value();
  ByteWindows windows(text, {0, run.trained_bytes}, run.batch, run.transformer.length);
  const OptimizerBuffers buffers = language_buffers(plan);
  const at::Tensor upstream = at::ones_like(plan.output().data());
  std::vector<double> losses;
  for (std::int64_t step = 0; step < run.steps; ++step) {
    windows.write_next(plan.input(), plan.value(plan.description().target), generator);
    plan.forget_parameter_gradients();
    plan.forward({}, {.training = true, .generator = generator});
    plan.begin_backward(upstream);
    plan.backward({}, {.training = true, .generator = generator});
    losses.push_back(plan.output().data().item<double>());
    optimizer_step(run.optimizer.kind)(run.optimizer, buffers, step);
  }
  return losses;
}

TEST(LanguageModelReference, AHundredLossesArePytorchs) {
  const c10::InferenceMode no_autograd;
  std::ifstream file(NANSCOPE_TESTS_DIR "/reference/language_model.json");
  const nlohmann::json table = nlohmann::json::parse(file);
  for (const auto& [name, run] : language_runs()) {
    EXPECT_TRUE(check_transformer(run.model, run.transformer));
    for (const Precision precision : {Precision::fp64, Precision::fp32}) {
      const std::string format(name_of(precision));
      SCOPED_TRACE(name + " in " + format);
      const std::vector<double> expected = table.at(name).at(format);
      ASSERT_EQ(expected.size(), 100u);
      // It learns: random bytes would be at ln 256 = 5.5.
      EXPECT_LT(expected.back(), 4);
      const std::vector<double> losses = learn(run, precision);
      // Sums run in another order, and training carries the difference on from step to step.
      const double tolerance = precision == Precision::fp64 ? 1e-9 : 1e-5;
      for (std::size_t step = 0; step < expected.size(); ++step)
        ASSERT_NEAR(losses[step], expected[step], tolerance * expected[step]) << step;
    }
  }
}

}  // namespace
}  // namespace nanscope
