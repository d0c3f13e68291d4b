#include "engine/training/optimizers/counted_step.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "engine/network/measure_tensor.h"
#include "engine/plan/optimizers/optimizers.h"
#include "engine/training/initialize.h"
#include "tests/engine/same_counts.h"

// Steps that measure the parameter as they move it, against ATen's fused kernels and the statistics
// of passes of their own: not one bit is another one.
namespace nanscope {
namespace {

constexpr OptimizerKind kKinds[] = {OptimizerKind::sgd,      OptimizerKind::momentum,
                                    OptimizerKind::nesterov, OptimizerKind::adam,
                                    OptimizerKind::adamw,    OptimizerKind::amsgrad};

/// Shorter and longer than a vector, a run of sums, a block and a part, and not multiples of them.
constexpr std::int64_t kSizes[] = {1,   3,   7,   8,    9,    15,   16,   17,    24,    100,
                                   511, 512, 520, 4096, 8191, 8192, 8200, 16384, 16385, 40003};

/// The same number, or both are none.
void expect_same_bits(const at::Tensor& here, const at::Tensor& there, const std::string& what) {
  ASSERT_EQ(here.numel(), there.numel());
  const float* a = here.const_data_ptr<float>();
  const float* b = there.const_data_ptr<float>();
  if (std::memcmp(a, b, here.nbytes()) == 0) return;
  for (std::int64_t i = 0; i < here.numel(); ++i)
    ASSERT_TRUE(std::bit_cast<std::uint32_t>(a[i]) == std::bit_cast<std::uint32_t>(b[i]) ||
                (std::isnan(a[i]) && std::isnan(b[i])))
        << what << ", element " << i << ": " << a[i] << ", not " << b[i];
}

/// Equal, or both are no numbers; within so much of `size`.
void expect_same(double here, double there, double within, const char* what) {
  EXPECT_TRUE(here == there || std::abs(here - there) <= within ||
              (std::isnan(here) && std::isnan(there)))
      << what << ": " << here << ", not " << there;
}

/// `rounding`: 0, or where sums are in another order, of the numbers that are added.
void expect_same_sums(const Accumulator& here, const Accumulator& there, double rounding) {
  expect_same_counts(here, there);
  const double squares = std::abs(squared_length(there));
  expect_same(here.sum, there.sum, rounding * std::sqrt(squares * double(there.count)), "sum");
  expect_same(here.squared_deviations, there.squared_deviations, rounding * squares, "squares");
}

OptimizerBuffers zeros_like(OptimizerKind kind, const at::Tensor& parameter) {
  OptimizerBuffers buffers;
  buffers.parameters = {parameter.clone()};
  buffers.gradients = {at::empty_like(parameter)};
  for (std::size_t i = 0; i < optimizer_text(kind).state.size(); ++i)
    buffers.state.push_back({at::zeros_like(parameter)});
  if (optimizer_text(kind).counts_steps) buffers.steps = {at::zeros({}, at::kFloat)};
  return buffers;
}

Optimizer random_optimizer(OptimizerKind kind, std::mt19937& engine) {
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(engine);
  };
  const auto one_of = [&](std::vector<double> values) {
    return values[std::uniform_int_distribution<std::size_t>(0, values.size() - 1)(engine)];
  };
  return {.kind = kind,
          .lr = std::exp(uniform(std::log(1e-6), std::log(10))),
          .momentum = one_of({0, 0.9, uniform(0, 1)}),
          .dampening = one_of({0, uniform(0, 1)}),
          .beta1 = one_of({0, 0.5, 0.9, uniform(0, 0.999)}),
          .beta2 = one_of({0, 0.999, uniform(0, 0.9999)}),
          .eps = one_of({1e-8, 0, 1e-3}),
          .weight_decay = one_of({0, 1e-50, uniform(0, 1)})};
}

/// That the step does what ATen does with passes before and behind it.
void expect_like_aten(const MoveKernels& kernels, const Optimizer& optimizer,
                      const at::Tensor& parameter, const MeasureOptions& options,
                      at::Generator& generator,
                      const std::function<void(at::Tensor&)>& spoil = {}) {
  // The passes are those of the best kernels. Short runs of others are summed in float, too, to
  // 2^-24.
  const bool is_best = &kernels == move_kernels().front();
  const double rounding = is_best ? 0 : 3e-6, wide_rounding = is_best ? 0 : 1e-12;
  OptimizerBuffers here = zeros_like(optimizer.kind, parameter);
  OptimizerBuffers there = zeros_like(optimizer.kind, parameter);
  for (std::int64_t step = 0; step < 4; ++step) {
    here.gradients[0].normal_(0, 1, generator);
    if (spoil) spoil(here.gradients[0]);
    there.gradients[0].copy_(here.gradients[0]);
    const at::Tensor before = there.parameters[0].clone();
    const CountedStep counted = step_counted(kernels, optimizer, here, 0, step, options);
    optimizer_step(optimizer.kind)(optimizer, there, step);
    const std::string what =
        fmt::format("{}, {} elements, step {}", name_of(optimizer.kind), parameter.numel(), step);
    SCOPED_TRACE(what);
    ASSERT_NO_FATAL_FAILURE(expect_same_bits(here.parameters[0], there.parameters[0], what));
    for (std::size_t i = 0; i < there.state.size(); ++i)
      ASSERT_NO_FATAL_FAILURE(expect_same_bits(here.state[i][0], there.state[i][0], what));
    for (std::size_t i = 0; i < there.steps.size(); ++i)
      EXPECT_TRUE(here.steps[i].equal(there.steps[i]));
    expect_same_sums(counted.before, accumulate_tensor(before, options), rounding);
    const Distance moved = tensor_distance(before, there.parameters[0]);
    expect_same(counted.moved.squared_length, moved.squared_length,
                wide_rounding * moved.squared_length, "squared length");
    expect_same(counted.moved.squared_change, moved.squared_change,
                wide_rounding * moved.squared_change, "squared change");
  }
}

class CountedStepTest : public testing::TestWithParam<OptimizerKind> {
 protected:
  void SetUp() override {
    if (!counting_kernels(GetParam())) GTEST_SKIP() << "no AVX2, or another LibTorch";
  }
  at::Generator generator_ = seeded_generator(11);
};

TEST_P(CountedStepTest, HasTheBitsOfATenAndOfAPassOfItsOwn) {
  std::mt19937 engine(static_cast<unsigned>(GetParam()));
  for (const MoveKernels* kernels : move_kernels())
    for (const std::int64_t size : kSizes)
      for (int i = 0; i < 3; ++i) {
        const at::Tensor parameter = at::empty({size}, at::kFloat).normal_(0, 1, generator_);
        expect_like_aten(*kernels, random_optimizer(GetParam(), engine), parameter,
                         {.smallest_normal = 0x1p-126, .quick = i < 2}, generator_);
        if (HasFailure()) return;
      }
}

TEST_P(CountedStepTest, HasThemOfNumbersThatNeedASecondLook) {
  constexpr std::int64_t kCount = 20012;  // the last four one by one
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const Optimizer optimizer{.kind = GetParam(), .weight_decay = 0.01};
  const auto begin = [&](double mean) {
    return at::empty({kCount}, at::kFloat).normal_(mean, 1, generator_);
  };
  const MeasureOptions options{.smallest_normal = 0x1p-126, .flat_low = -2, .quick = true};
  for (const MoveKernels* kernels : move_kernels()) {
    for (const float spoiled : {0.F, -0.F, 1e-40F, 1e25F, 3e38F, kInfinity, -kInfinity, NAN}) {
      at::Tensor parameter = begin(0);
      parameter.slice(0, 0, kCount, 7) = spoiled;
      expect_like_aten(*kernels, optimizer, parameter, options, generator_);
      expect_like_aten(*kernels, optimizer, begin(0), options, generator_,
                       [&](at::Tensor& gradient) { gradient.slice(0, 3, kCount, 5) = spoiled; });
    }
    expect_like_aten(*kernels, optimizer, begin(1000), options, generator_);
    expect_like_aten(*kernels, optimizer, at::zeros({kCount}), options, generator_);
  }
}

TEST_P(CountedStepTest, HasTheSameOnAnyNumberOfThreads) {
  const int threads = at::get_num_threads();
  std::mt19937 engine(3);
  const at::Tensor parameter = at::empty({70001}, at::kFloat).normal_(0, 1, generator_);
  const Optimizer optimizer = random_optimizer(GetParam(), engine);
  std::vector<OptimizerBuffers> moved;
  std::vector<CountedStep> counted;
  for (const int some : {1, 2, 3}) {
    at::set_num_threads(some);
    moved.push_back(zeros_like(GetParam(), parameter));
    moved.back().gradients[0].fill_(0.5);
    counted.push_back(
        step_counted(*move_kernels().front(), optimizer, moved.back(), 0, 0, {.quick = true}));
  }
  at::set_num_threads(threads);
  for (const std::size_t i : {1, 2}) {
    EXPECT_TRUE(moved[i].parameters[0].equal(moved[0].parameters[0]));
    expect_same_sums(counted[i].before, counted[0].before, 0);
    EXPECT_EQ(counted[i].moved.squared_change, counted[0].moved.squared_change);
  }
}

INSTANTIATE_TEST_SUITE_P(Optimizers, CountedStepTest, testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(name_of(kind.param)); });

TEST(CountedStep, IsNotOfOptimizersWithoutAKernel) {
  EXPECT_EQ(counting_kernels(OptimizerKind::lion), nullptr);
  EXPECT_EQ(counting_kernels(OptimizerKind::muon), nullptr);
}

}  // namespace
}  // namespace nanscope
