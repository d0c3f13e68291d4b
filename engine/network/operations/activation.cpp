#include "engine/network/operations/activation.h"

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
#include <c10/util/Exception.h>

namespace nanscope {

/// ATen's kernels for one activation function, both into buffers that exist. (Outputs are handles
/// by value, as ATen's out-variants want a handle that they could change.)
struct ActivationFunctions {
  Activation activation;
  void (*forward)(const at::Tensor& z, at::Tensor a);
  /// dz from da, z and a = act(z).
  void (*backward)(const at::Tensor& da, const at::Tensor& z, const at::Tensor& a, at::Tensor dz);
};

namespace {

constexpr double kLeakySlope = 0.01;

constexpr ActivationFunctions kActivationFunctions[] = {
    {Activation::relu, [](const at::Tensor& z, at::Tensor a) { at::clamp_min_out(a, z, 0); },
     [](const at::Tensor& da, const at::Tensor&, const at::Tensor& a, at::Tensor dz) {
       at::threshold_backward_out(dz, da, a, 0);
     }},
    {Activation::leaky_relu,
     [](const at::Tensor& z, at::Tensor a) { at::leaky_relu_out(a, z, kLeakySlope); },
     [](const at::Tensor& da, const at::Tensor& z, const at::Tensor&, at::Tensor dz) {
       at::leaky_relu_backward_out(dz, da, z, kLeakySlope, false);
     }},
    {Activation::gelu, [](const at::Tensor& z, at::Tensor a) { at::gelu_out(a, z); },
     [](const at::Tensor& da, const at::Tensor& z, const at::Tensor&, at::Tensor dz) {
       at::gelu_backward_out(dz, da, z);
     }},
    {Activation::silu, [](const at::Tensor& z, at::Tensor a) { at::silu_out(a, z); },
     [](const at::Tensor& da, const at::Tensor& z, const at::Tensor&, at::Tensor dz) {
       at::silu_backward_out(dz, da, z);
     }},
    {Activation::tanh, [](const at::Tensor& z, at::Tensor a) { at::tanh_out(a, z); },
     [](const at::Tensor& da, const at::Tensor&, const at::Tensor& a, at::Tensor dz) {
       at::tanh_backward_out(dz, da, a);
     }},
    {Activation::sigmoid, [](const at::Tensor& z, at::Tensor a) { at::sigmoid_out(a, z); },
     [](const at::Tensor& da, const at::Tensor&, const at::Tensor& a, at::Tensor dz) {
       at::sigmoid_backward_out(dz, da, a);
     }},
};

const ActivationFunctions& functions_of(Activation activation) {
  for (const ActivationFunctions& row : kActivationFunctions)
    if (row.activation == activation) return row;
  TORCH_CHECK(false, "there is no such activation function");
}

}  // namespace

std::unique_ptr<Operation> Activate::make(const OperationParts& parts) {
  const auto activation = value_of<Activation>(parts.operation.kind);
  return std::make_unique<Activate>(activation.value_or(Activation::identity), *parts.inputs[0],
                                    *parts.outputs[0]);
}

Activate::Activate(Activation activation, Value& input, Value& output)
    : functions_(functions_of(activation)), input_(input), output_(output) {}

void Activate::forward(const PassContext& /*context*/) {
  functions_.forward(input_.data(), output_.data());
  output_.round_data();
}

void Activate::backward(const PassContext& /*context*/) {
  input_.add_gradient([&](const at::Tensor& dz) {
    functions_.backward(output_.gradient(), input_.data(), output_.data(), dz);
  });
}

}  // namespace nanscope
