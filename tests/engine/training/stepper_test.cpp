#include "engine/optimizers/stepper.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/numbers/format.h"
#include "engine/training/initialize.h"
#include "engine/training/optimizers/optimizers.h"

// The equations that are shown, computed as they are written, against the kernels that train.
namespace nanscope {
namespace {

struct Both {
  StepState written;
  OptimizerBuffers kernel;
};

Both begin(OptimizerKind kind, at::Generator& generator) {
  const OptimizerText& text = optimizer_text(kind);
  Both both;
  const auto matrix = [] { return at::zeros({1, 2}, at::kDouble); };
  both.kernel.parameters = {at::randn({1, 2}, generator, at::kDouble)};
  both.kernel.gradients = {matrix()};
  for (std::size_t i = 0; i < text.state.size(); ++i) both.kernel.state.push_back({matrix()});
  if (text.counts_steps) both.kernel.steps = {at::zeros({}, at::kFloat)};
  const double* theta = both.kernel.parameters[0].const_data_ptr<double>();
  both.written.theta = {theta[0], theta[1]};
  return both;
}

void expect_near(const at::Tensor& kernel, const Pair& written, double tolerance,
                 const char* what) {
  for (std::size_t e = 0; e < 2; ++e) {
    const double value = kernel.const_data_ptr<double>()[e];
    ASSERT_NEAR(written[e], value, tolerance * std::max(1.0, std::abs(value))) << what;
  }
}

void expect_kernels_steps(const Optimizer& optimizer, std::uint64_t seed) {
  SCOPED_TRACE(std::string(name_of(optimizer.kind)));
  at::Generator generator = seeded_generator(seed);
  Both both = begin(optimizer.kind, generator);
  Stepper stepper(optimizer);
  Rounder fp64(*find_format("fp64"), Rounding::nearest_even, std::nullopt);
  // Sums and products of thirty steps in another order. Muon's direction is rounded to bf16, where
  // another order is a unit of its last place, 2^-8, now and then: times lr it is its step's.
  const double tolerance = optimizer.kind == OptimizerKind::muon ? optimizer.lr / 64 : 1e-12;
  for (int step = 0; step < 30; ++step) {
    both.kernel.gradients[0].normal_(0, 1, generator);
    const double* g = both.kernel.gradients[0].const_data_ptr<double>();
    stepper.step(fp64, step + 1, {g[0], g[1]}, both.written);
    optimizer_step(optimizer.kind)(optimizer, both.kernel, step);
    expect_near(both.kernel.parameters[0], both.written.theta, tolerance, "theta");
    // Without momentum the kernel keeps no velocity.
    if (optimizer.momentum == 0) continue;
    for (std::size_t i = 0; i < both.kernel.state.size(); ++i)
      expect_near(both.kernel.state[i][0], both.written.kept[i], 1e-12, "state");
  }
}

TEST(Stepper, StepsAsTheKernelsDo) {
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    for (std::uint64_t seed = 0; seed < 5; ++seed)
      expect_kernels_steps(with_kind({.kind = OptimizerKind::sgd, .lr = 0.05}, kind), seed);
}

TEST(Stepper, ReadsEveryHyperparameter) {
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    expect_kernels_steps({.kind = kind,
                          .lr = 0.02,
                          .momentum = 0.6,
                          .dampening = 0.3,
                          .alpha = 0.8,
                          .beta1 = 0.7,
                          .beta2 = 0.95,
                          .eps = 0.1,
                          .weight_decay = 0.2},
                         1);
    expect_kernels_steps({.kind = kind, .lr = 0.02, .momentum = 0, .dampening = 0.3}, 2);
  }
}

}  // namespace
}  // namespace nanscope
