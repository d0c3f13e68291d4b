#include "engine/network/activation.h"

#include <ATen/ops/clamp_min.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gelu_backward.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/leaky_relu_backward.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sigmoid_backward.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tanh_backward.h>
#include <ATen/ops/threshold_backward.h>
#include <fmt/format.h>

namespace nanscope {
namespace {

using at::Tensor;

constexpr double kLeakySlope = 0.01;

/// One line an activation. z: pre-activation, a: activation, d: gradient with respect to.
constexpr ActivationKernels kTable[] = {
    {Activation::identity, "z", "1", nullptr, nullptr, false},
    {Activation::relu, "max(z, 0)", "[z > 0]",
     [](const Tensor& z, Tensor a) { at::clamp_min_out(a, z, 0); },
     [](const Tensor& da, const Tensor& z, const Tensor&, Tensor dz) {
       at::threshold_backward_out(dz, da, z, 0);
     },
     false},
    {Activation::leaky_relu, "max(z, 0.01 z)", "(1 if z > 0 else 0.01)",
     [](const Tensor& z, Tensor a) { at::leaky_relu_out(a, z, kLeakySlope); },
     [](const Tensor& da, const Tensor& z, const Tensor&, Tensor dz) {
       at::leaky_relu_backward_out(dz, da, z, kLeakySlope, false);
     },
     false},
    {Activation::gelu, "z Phi(z)", "(Phi(z) + z phi(z))",
     [](const Tensor& z, Tensor a) { at::gelu_out(a, z); },
     [](const Tensor& da, const Tensor& z, const Tensor&, Tensor dz) {
       at::gelu_backward_out(dz, da, z);
     },
     false},
    {Activation::silu, "z sigmoid(z)", "sigmoid(z) (1 + z (1 - sigmoid(z)))",
     [](const Tensor& z, Tensor a) { at::silu_out(a, z); },
     [](const Tensor& da, const Tensor& z, const Tensor&, Tensor dz) {
       at::silu_backward_out(dz, da, z);
     },
     false},
    {Activation::tanh, "tanh(z)", "(1 - a^2)",
     [](const Tensor& z, Tensor a) { at::tanh_out(a, z); },
     [](const Tensor& da, const Tensor&, const Tensor& a, Tensor dz) {
       at::tanh_backward_out(dz, da, a);
     },
     true},
    {Activation::sigmoid, "1 / (1 + exp(-z))", "a (1 - a)",
     [](const Tensor& z, Tensor a) { at::sigmoid_out(a, z); },
     [](const Tensor& da, const Tensor&, const Tensor& a, Tensor dz) {
       at::sigmoid_backward_out(dz, da, a);
     },
     true},
};

std::int64_t bytes(const Value& value) { return static_cast<std::int64_t>(value.data().nbytes()); }

}  // namespace

const ActivationKernels& activation_kernels(Activation activation) {
  for (const ActivationKernels& row : kTable)
    if (row.activation == activation) return row;
  return kTable[0];
}

std::string Activate::equation() const {
  return fmt::format("{} = {} with z = {}", output_.name(), kernels_.formula, input_.name());
}

std::string Activate::backward_equation() const {
  return fmt::format("d{} = d{} {} with z = {}, a = {}", input_.name(), output_.name(),
                     kernels_.derivative, input_.name(), output_.name());
}

void Activate::forward() {
  if (is_identity()) return;
  kernels_.forward(input_.data(), output_.data());
  output_.round_data();
}

void Activate::backward() {
  if (is_identity()) return;
  input_.add_gradient([&](const at::Tensor& dz) {
    kernels_.backward(output_.gradient(), input_.data(), output_.data(), dz);
  });
}

Cost Activate::forward_cost() const {
  if (is_identity()) return {};
  return {.bytes_read = bytes(input_), .bytes_written = bytes(output_)};
}

Cost Activate::backward_cost() const {
  if (is_identity()) return {};
  return {.bytes_read = bytes(output_) + saved_bytes(), .bytes_written = bytes(input_)};
}

std::int64_t Activate::saved_bytes() const {
  if (is_identity()) return 0;
  return kernels_.saves_output ? bytes(output_) : bytes(input_);
}

}  // namespace nanscope
