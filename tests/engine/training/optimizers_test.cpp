#include "engine/plan/optimizers/optimizers.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/training/initialize.h"
#include "engine/training/optimizers/optimizers.h"

// The optimizers' kernels against their equations, written out element by element in double. That
// PyTorch's optimizers do the same says tests/reference/training.json.
namespace nanscope {
namespace {

/// One element of a parameter and what an optimizer keeps for it.
struct Element {
  double theta = 0, v = 0, m = 0, vmax = 0;
};

void step_written_out(const Optimizer& o, Element& e, double g, std::int64_t t) {
  const bool decoupled = o.kind == OptimizerKind::adamw;
  if (decoupled)
    e.theta -= o.lr * o.weight_decay * e.theta;
  else
    g += o.weight_decay * e.theta;
  switch (o.kind) {
    case OptimizerKind::sgd:
      e.theta -= o.lr * g;
      return;
    case OptimizerKind::momentum:
      e.v = t == 1 ? g : o.momentum * e.v + (1 - o.dampening) * g;
      e.theta -= o.lr * e.v;
      return;
    case OptimizerKind::nesterov:
      e.v = t == 1 ? g : o.momentum * e.v + g;
      e.theta -= o.lr * (g + o.momentum * e.v);
      return;
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
    case OptimizerKind::amsgrad:
      break;
  }
  const auto steps = static_cast<double>(t);
  e.m = o.beta1 * e.m + (1 - o.beta1) * g;
  e.v = o.beta2 * e.v + (1 - o.beta2) * g * g;
  e.vmax = std::max(e.vmax, e.v);
  const double v = o.kind == OptimizerKind::amsgrad ? e.vmax : e.v;
  const double m_hat = e.m / (1 - std::pow(o.beta1, steps));
  e.theta -= o.lr * m_hat / (std::sqrt(v / (1 - std::pow(o.beta2, steps))) + o.eps);
}

/// Buffers for parameters of these sizes.
OptimizerBuffers make_buffers(OptimizerKind kind, const std::vector<std::int64_t>& sizes,
                              at::Generator& generator) {
  const OptimizerText& text = optimizer_text(kind);
  OptimizerBuffers buffers;
  buffers.state.resize(text.state.size());
  const at::Tensor count = at::zeros({}, at::kFloat);
  for (const std::int64_t size : sizes) {
    buffers.parameters.push_back(at::randn({size}, generator, at::kDouble));
    buffers.gradients.push_back(at::empty({size}, at::kDouble));
    for (auto& list : buffers.state) list.push_back(at::zeros({size}, at::kDouble));
    if (text.counts_steps) buffers.steps.push_back(count);
  }
  return buffers;
}

void expect_written_out_steps(const Optimizer& optimizer) {
  at::Generator generator = seeded_generator(5);
  // Shorter and longer than a vector register, and not a multiple of it.
  const std::vector<std::int64_t> sizes{1, 7, 133};
  OptimizerBuffers buffers = make_buffers(optimizer.kind, sizes, generator);
  std::vector<std::vector<Element>> elements;
  for (const at::Tensor& parameter : buffers.parameters) {
    elements.emplace_back();
    for (std::int64_t i = 0; i < parameter.size(0); ++i)
      elements.back().push_back({.theta = parameter[i].item<double>()});
  }
  for (std::int64_t step = 0; step < 12; ++step) {
    for (std::size_t p = 0; p < sizes.size(); ++p) {
      buffers.gradients[p].normal_(0, 1, generator);
      const double* g = buffers.gradients[p].const_data_ptr<double>();
      for (std::size_t i = 0; i < elements[p].size(); ++i)
        step_written_out(optimizer, elements[p][i], g[i], step + 1);
    }
    optimizer_step(optimizer.kind)(optimizer, buffers, step);
    for (std::size_t p = 0; p < sizes.size(); ++p)
      for (std::size_t i = 0; i < elements[p].size(); ++i)
        // Sums and roots of a dozen steps in another order: some units in the last place of double.
        ASSERT_NEAR(buffers.parameters[p].const_data_ptr<double>()[i], elements[p][i].theta, 1e-12)
            << name_of(optimizer.kind) << " step " << step;
  }
}

TEST(Optimizers, StepAsTheirEquationsSay) {
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    for (const double decay : {0.0, 0.1})
      expect_written_out_steps({.kind = kind, .lr = 0.05, .weight_decay = decay});
}

TEST(Optimizers, EveryHyperparameterCounts) {
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    expect_written_out_steps({.kind = kind,
                              .lr = 0.02,
                              .momentum = 0.6,
                              .dampening = 0.3,
                              .beta1 = 0.7,
                              .beta2 = 0.95,
                              .eps = 0.1,
                              .weight_decay = 0.2});
}

TEST(Optimizers, WithoutMomentumTheyAreSgd) {
  for (const OptimizerKind kind : {OptimizerKind::momentum, OptimizerKind::nesterov})
    expect_written_out_steps({.kind = kind, .lr = 0.02, .momentum = 0});
}

TEST(Optimizers, SayWhatTheyKeep) {
  for (const auto& [kind, name] : Names<OptimizerKind>::all) {
    const OptimizerText& text = optimizer_text(kind);
    EXPECT_EQ(text.kind, kind) << name;
    for (const std::string_view symbol : text.state)
      EXPECT_NE(text.equation.find(symbol), std::string_view::npos) << name << " " << symbol;
    EXPECT_NE(text.pytorch({.kind = kind, .lr = 0.125}).find("lr=0.125"), std::string::npos);
  }
}

}  // namespace
}  // namespace nanscope
