#pragma once

#include "engine/experiment/experiment.h"
#include "engine/network/operation.h"
#include "engine/network/value.h"

namespace nanscope {

/// ATen's kernels for one activation function, both into buffers that exist. (Outputs are handles
/// by value, as ATen's out-variants want a handle that they could change.)
struct ActivationKernels {
  Activation activation;
  const char* formula;     ///< of z: "max({z}, 0)"
  const char* derivative;  ///< of z or a
  void (*forward)(const at::Tensor& z, at::Tensor a);
  /// dz from da, z and a = act(z).
  void (*backward)(const at::Tensor& da, const at::Tensor& z, const at::Tensor& a, at::Tensor dz);
  /// Whether backward() reads a (else it reads z).
  bool saves_output;
};

/// The row of the table of activations.
const ActivationKernels& activation_kernels(Activation activation);

/// a = act(z), element by element. The identity shares its output's buffers with its input.
class Activate final : public Operation {
 public:
  Activate(Activation activation, Value& input, Value& output)
      : kernels_(activation_kernels(activation)), input_(input), output_(output) {}

  std::string_view kind() const override { return name_of(kernels_.activation); }
  std::string equation() const override;
  std::string backward_equation() const override;
  void forward() override;
  void backward() override;
  Cost forward_cost() const override;
  Cost backward_cost() const override;
  std::int64_t saved_bytes() const override;

 private:
  bool is_identity() const { return kernels_.forward == nullptr; }

  const ActivationKernels& kernels_;
  Value& input_;
  Value& output_;
};

}  // namespace nanscope
