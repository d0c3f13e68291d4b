#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/network/operation.h"
#include "engine/network/value.h"
#include "engine/numbers/format.h"

// Autograd as the oracle for explicit backward passes.
namespace nanscope::oracle {

/// The format whose dtype a test runs in.
inline const NumberFormat& format_of(at::ScalarType type) {
  return *find_format(type == at::kDouble     ? "fp64"
                      : type == at::kBFloat16 ? "bf16"
                      : type == at::kHalf     ? "fp16"
                                              : "fp32");
}

/// Largest allowed difference relative to the largest value of the reference. Both sides add the
/// same `terms` products in another order: the error of such a sum grows at most linearly with its
/// length and in practice with its root; 16-bit results are rounded once more on each side.
inline double tolerance(at::ScalarType type, double terms) {
  return 4 * std::sqrt(terms) *
         (type == at::kBFloat16 || type == at::kHalf ? format_of(type).epsilon / std::sqrt(terms)
                                                     : format_of(type).epsilon);
}

/// Expects max |actual - expected| <= relative * max |expected|, and the same dtype and shape. Of
/// sums that cancel `terms` is how large what is summed is, and counts in place of a smaller
/// |expected|.
inline void expect_close(const at::Tensor& actual, const at::Tensor& expected, double relative,
                         const std::string& what, double terms = 0) {
  ASSERT_TRUE(actual.defined()) << what;
  ASSERT_TRUE(expected.defined()) << what;
  ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
  ASSERT_EQ(actual.scalar_type(), expected.scalar_type()) << what;
  const at::Tensor a = actual.detach().to(at::kDouble), e = expected.detach().to(at::kDouble);
  const double scale = std::max(terms, e.abs().max().item<double>());
  ASSERT_TRUE(std::isfinite(scale)) << what;
  EXPECT_LE((a - e).abs().max().item<double>(), relative * scale) << what;
}

inline void expect_same_bits(const at::Tensor& actual, const at::Tensor& expected,
                             const std::string& what) {
  ASSERT_EQ(actual.sizes(), expected.sizes()) << what;
  EXPECT_TRUE(at::equal(actual.detach(), expected.detach())) << what;
}

/// Random values of a dtype, the same in every run.
inline at::Tensor random(std::vector<std::int64_t> shape, at::ScalarType type, int seed) {
  at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
  return at::randn(shape, generator, at::kFloat).to(type);
}

/// A value with a gradient buffer.
inline Value value_with_gradient(const std::string& name, const at::Tensor& data,
                                 const NumberFormat& format) {
  Value value(name, data, format);
  value.set_gradient(at::empty_like(data), format, at::empty_like(data));
  return value;
}

/// Runs an operation there and back from the gradient dL/d output = upstream.
inline void run(Operation& operation, Value& output, const at::Tensor& upstream) {
  operation.forward({});
  output.gradient().copy_(upstream);
  operation.backward({});
}

/// Runs a function of leaves under autograd and leaves the gradients in leaf.grad().
inline at::Tensor run_autograd(std::vector<at::Tensor>& leaves,
                               const std::function<at::Tensor(std::vector<at::Tensor>&)>& function,
                               const at::Tensor& upstream) {
  for (at::Tensor& leaf : leaves) leaf = leaf.detach().clone().requires_grad_();
  at::Tensor output = function(leaves);
  output.backward(upstream);
  return output;
}

/// The activation by ATen's own differentiable function.
inline at::Tensor apply(Activation activation, const at::Tensor& z) {
  switch (activation) {
    case Activation::identity:
      return z.clone();
    case Activation::relu:
      return at::relu(z);
    case Activation::leaky_relu:
      return at::leaky_relu(z, 0.01);
    case Activation::gelu:
      return at::gelu(z, "none");
    case Activation::silu:
      return at::silu(z);
    case Activation::tanh:
      return at::tanh(z);
    case Activation::sigmoid:
      return at::sigmoid(z);
  }
  return {};
}

}  // namespace nanscope::oracle
