#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/experiment/training.h"
#include "engine/plan/description.h"

// What each optimizer computes: its equation, the state that it keeps, its line of PyTorch. One
// file a family; engine/training/optimizers has what runs. theta is a parameter, g its gradient,
// lambda the weight decay.
namespace nanscope {

/// A parameter that an optimizer steps: a matrix, or a column.
struct SteppedParameter {
  std::int64_t rows = 1, columns = 1;
  std::int64_t element_bytes = 4;
  std::int64_t elements() const { return rows * columns; }
  std::int64_t bytes() const { return elements() * element_bytes; }
};

struct OptimizerText {
  OptimizerKind kind;
  /// What it keeps for each element of a parameter, in the order of its equation: "m", "v".
  std::span<const std::string_view> state;
  /// Whether it counts its steps, in a number on the device.
  bool counts_steps = false;
  std::string_view equation;
  /// The object that steps, made of a list: "torch.optim.SGD(tensors, lr=0.1)".
  std::string (*pytorch)(const Optimizer& optimizer);
  /// The class that this line makes, as Python, where PyTorch has none.
  std::string_view definition = "";
  /// pytorch() without the fused kernel, where that cannot take a first step that is skipped: a
  /// fused SGD of PyTorch 2.15 goes on with a velocity that it has not set.
  std::string (*unfused)(const Optimizer& optimizer) = nullptr;
  /// FLOPs of the matrix products in a step of one parameter of (rows, columns).
  double (*products)(double rows, double columns) = nullptr;
  /// Bytes that LibTorch's kernels take for a moment in a step of one parameter; null: none.
  std::int64_t (*temporaries)(const Optimizer& optimizer, const SteppedParameter& one) = nullptr;
};

const OptimizerText& optimizer_text(OptimizerKind kind);

/// FLOPs of the matrix products in a step of all parameters, of all networks.
double optimizer_products(OptimizerKind kind, const PlanDescription& plan);

/// The most that LibTorch's kernels take for a moment in a step of one network, in bytes: its
/// parameters are stepped one after another.
std::int64_t optimizer_temporaries(const Optimizer& optimizer, const PlanDescription& plan);

/// Whether its equation has the setting: "beta1", "weight_decay".
bool reads_setting(OptimizerKind kind, std::string_view setting);

std::span<const OptimizerText> sgd_texts();  ///< sgd, momentum, nesterov
std::span<const OptimizerText> adagrad_texts();
std::span<const OptimizerText> rmsprop_texts();
std::span<const OptimizerText> adam_texts();  ///< adam, adamw, amsgrad
std::span<const OptimizerText> lion_texts();
std::span<const OptimizerText> lamb_texts();
std::span<const OptimizerText> adabelief_texts();
std::span<const OptimizerText> muon_texts();

}  // namespace nanscope
