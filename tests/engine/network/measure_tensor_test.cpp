#include "engine/network/measure_tensor.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/engine/same_counts.h"

namespace nanscope {
namespace {

// Sums of n doubles in another order: about sqrt(n) 2^-53 relative, 1e-13 for a million.
constexpr double kReordering = 1e-12;

constexpr at::ScalarType kTypes[] = {at::kDouble, at::kFloat, at::kBFloat16, at::kHalf};

/// Normal values with a few of every special kind.
at::Tensor mixed_values(at::ScalarType type, bool with_nonfinite) {
  at::Tensor values = at::randn({300, 171}, at::kDouble);
  values[3].zero_();
  values[4].neg_().mul_(0);
  values[5].mul_(1e-7);    // subnormal in half
  values[6].mul_(1e-39);   // subnormal in float and bfloat16
  values[7].mul_(1e-310);  // and in double
  if (with_nonfinite) {
    values[8][0] = std::numeric_limits<double>::infinity();
    values[9][1] = -std::numeric_limits<double>::infinity();
    values[10][2] = std::numeric_limits<double>::quiet_NaN();
  }
  return values.to(type);
}

MeasureOptions options_of(at::ScalarType type) {
  return {.smallest_normal = type == at::kDouble ? 0x1p-1022
                             : type == at::kHalf ? 0x1p-14
                                                 : 0x1p-126,
          .flat_low = -1.5,
          .flat_high = 0.97};
}

TEST(MeasureTensor, KernelsAgreeWithAtensOperations) {
  for (const at::ScalarType type : kTypes) {
    SCOPED_TRACE(type);
    at::manual_seed(1);
    const at::Tensor finite = mixed_values(type, false);
    const Accumulator kernels = accumulate_tensor(finite, options_of(type));
    const Accumulator aten = accumulate_with_aten(finite, options_of(type));
    expect_same_counts(kernels, aten);
    EXPECT_GT(kernels.subnormals, 0);
    EXPECT_GT(kernels.saturated, 0);
    EXPECT_NEAR(kernels.sum, aten.sum, kReordering * static_cast<double>(kernels.count));
    EXPECT_NEAR(kernels.squared_deviations, aten.squared_deviations,
                kReordering * aten.squared_deviations);

    const at::Tensor broken = mixed_values(type, true);
    expect_same_counts(accumulate_tensor(broken, options_of(type)),
                       accumulate_with_aten(broken, options_of(type)));
    EXPECT_TRUE(std::isnan(accumulate_tensor(broken, {}).sum));
  }
}

TEST(MeasureTensor, HistogramsAgreeWithAtensOperations) {
  for (const at::ScalarType type : kTypes) {
    SCOPED_TRACE(type);
    at::manual_seed(2);
    const at::Tensor values = mixed_values(type, true);
    const Histogram kernels = tensor_histogram(values);
    const Histogram aten = histogram_with_aten(values);
    EXPECT_EQ(kernels.first_exponent, aten.first_exponent);
    EXPECT_EQ(kernels.positive, aten.positive);
    EXPECT_EQ(kernels.negative, aten.negative);
    std::int64_t counted = 0;
    for (const std::int64_t count : kernels.positive) counted += count;
    for (const std::int64_t count : kernels.negative) counted += count;
    const Accumulator total = accumulate_tensor(values, {});
    EXPECT_EQ(counted, total.count - total.zeros - 3);
  }
}

TEST(MeasureTensor, DoesNotDependOnTheNumberOfThreads) {
  const at::Tensor values = at::randn({1000, 333});
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const Accumulator one = accumulate_tensor(values, {});
  at::set_num_threads(4);
  const Accumulator four = accumulate_tensor(values, {});
  at::set_num_threads(threads);
  EXPECT_EQ(one.sum, four.sum);
  EXPECT_EQ(one.squared_deviations, four.squared_deviations);
  expect_same_counts(one, four);
}

TEST(MeasureTensor, TakesViewsAndEmptyTensors) {
  const at::Tensor values = at::arange(12, at::kFloat).view({3, 4});
  EXPECT_EQ(accumulate_tensor(values.t().slice(0, 1, 3), {}).sum, 1 + 2 + 5 + 6 + 9 + 10);
  EXPECT_EQ(accumulate_tensor(at::empty({0, 4}), {}).count, 0);
  EXPECT_EQ(accumulate_with_aten(at::empty({0, 4}), {}).count, 0);
  EXPECT_TRUE(tensor_histogram(at::zeros({5})).positive.empty());
}

TEST(MeasureTensor, RefusesOtherTypes) {
  EXPECT_THROW(accumulate_tensor(at::arange(3), {}), c10::Error);
}

}  // namespace
}  // namespace nanscope
