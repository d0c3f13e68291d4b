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
};

const OptimizerText& optimizer_text(OptimizerKind kind);

/// FLOPs of the matrix products in a step of all parameters, of all networks.
double optimizer_products(OptimizerKind kind, const PlanDescription& plan);

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
