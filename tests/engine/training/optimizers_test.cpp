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

/// u of LAMB, before its length is that of the tensor.
double lamb_direction(const Optimizer& o, Element& e, double g, double t) {
  e.m = o.beta1 * e.m + (1 - o.beta1) * g;
  e.v = o.beta2 * e.v + (1 - o.beta2) * g * g;
  return e.m / (1 - std::pow(o.beta1, t)) / (std::sqrt(e.v / (1 - std::pow(o.beta2, t))) + o.eps) +
         o.weight_decay * e.theta;
}

void lamb_written_out(const Optimizer& o, std::vector<Element>& tensor, const double* g,
                      std::int64_t t) {
  std::vector<double> u;
  double theta_squares = 0, u_squares = 0;
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    u.push_back(lamb_direction(o, tensor[i], g[i], static_cast<double>(t)));
    theta_squares += tensor[i].theta * tensor[i].theta;
    u_squares += u[i] * u[i];
  }
  for (std::size_t i = 0; i < tensor.size(); ++i)
    tensor[i].theta -= o.lr * std::sqrt(theta_squares / u_squares) * u[i];
}

double sign_of(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

void step_written_out(const Optimizer& o, Element& e, double g, std::int64_t t) {
  if (o.kind == OptimizerKind::lion) {
    e.theta -= o.lr * (sign_of(o.beta1 * e.m + (1 - o.beta1) * g) + o.weight_decay * e.theta);
    e.m = o.beta2 * e.m + (1 - o.beta2) * g;
    return;
  }
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
    case OptimizerKind::adagrad:
      e.v += g * g;
      e.theta -= o.lr * g / (std::sqrt(e.v) + o.eps);
      return;
    case OptimizerKind::rmsprop:
      e.v = o.alpha * e.v + (1 - o.alpha) * g * g;
      e.m = o.momentum * e.m + g / (std::sqrt(e.v) + o.eps);
      e.theta -= o.lr * e.m;
      return;
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
    case OptimizerKind::amsgrad:
    case OptimizerKind::adabelief:
      break;
    case OptimizerKind::lion:
    case OptimizerKind::lamb:
    case OptimizerKind::muon:
      FAIL() << "is written out elsewhere";
  }
  const auto steps = static_cast<double>(t);
  e.m = o.beta1 * e.m + (1 - o.beta1) * g;
  const bool believes = o.kind == OptimizerKind::adabelief;
  const double size = believes ? g - e.m : g;
  e.v = o.beta2 * e.v + (1 - o.beta2) * size * size + (believes ? o.eps : 0);
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
      if (optimizer.kind == OptimizerKind::lamb)
        lamb_written_out(optimizer, elements[p], g, step + 1);
      else
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

/// All but muon, which steps matrices.
std::vector<OptimizerKind> of_elements() {
  std::vector<OptimizerKind> kinds;
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    if (kind != OptimizerKind::muon) kinds.push_back(kind);
  return kinds;
}

TEST(Optimizers, StepAsTheirEquationsSay) {
  for (const OptimizerKind kind : of_elements())
    for (const double decay : {0.0, 0.1})
      expect_written_out_steps({.kind = kind, .lr = 0.05, .weight_decay = decay});
}

TEST(Optimizers, EveryHyperparameterCounts) {
  for (const OptimizerKind kind : of_elements())
    expect_written_out_steps({.kind = kind,
                              .lr = 0.02,
                              .momentum = 0.6,
                              .dampening = 0.3,
                              .alpha = 0.8,
                              .beta1 = 0.7,
                              .beta2 = 0.95,
                              .eps = 0.1,
                              .weight_decay = 0.2});
}

TEST(Optimizers, MomentumMayBeZero) {
  for (const OptimizerKind kind :
       {OptimizerKind::momentum, OptimizerKind::nesterov, OptimizerKind::rmsprop})
    expect_written_out_steps({.kind = kind, .lr = 0.02, .momentum = 0});
}

TEST(Optimizers, MuonStepsAreNearlyOrthogonal) {
  at::Generator generator = seeded_generator(5);
  const Optimizer muon{.kind = OptimizerKind::muon, .lr = 0.5, .momentum = 0.9};
  for (const auto& [rows, columns] : {std::pair{12, 30}, {30, 12}, {20, 20}, {1, 9}}) {
    OptimizerBuffers buffers{.parameters = {at::randn({rows, columns}, generator, at::kDouble)},
                             .gradients = {at::randn({rows, columns}, generator, at::kDouble)},
                             .state = {{at::zeros({rows, columns}, at::kDouble)}},
                             .steps = {}};
    const at::Tensor before = buffers.parameters[0].clone();
    step_muon(muon, buffers, 0);
    EXPECT_TRUE(at::allclose(buffers.state[0][0], 0.1 * buffers.gradients[0]));
    const double length = 0.5 * std::sqrt(std::max(1.0, double(rows) / columns));
    const auto [u, values, v] = at::svd((before - buffers.parameters[0]) / length);
    // The iteration leaves them between 0.5 and 1.5 or so, as its authors say.
    EXPECT_GT(values.min().item<double>(), 0.4) << rows << " x " << columns;
    EXPECT_LT(values.max().item<double>(), 1.6) << rows << " x " << columns;
    EXPECT_GT(at::sum(buffers.gradients[0] * (before - buffers.parameters[0])).item<double>(), 0);
  }
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
