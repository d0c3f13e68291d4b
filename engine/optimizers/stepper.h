#pragma once

#include <vector>

#include "engine/optimizers/equation.h"
#include "engine/plan/optimizers/optimizers.h"

namespace nanscope {

/// The state of an optimizer between two steps: the parameter and what it keeps of it.
struct StepState {
  Pair theta{};
  std::array<Pair, 3> kept{};  ///< in the order of OptimizerText::state
};

/// An optimizer's equation with its settings: one step of a parameter (1,2) in a format.
class Stepper {
 public:
  explicit Stepper(const Optimizer& optimizer);

  /// Step `t`, counted from 1, down this gradient.
  void step(Rounder& rounder, int t, const Pair& gradient, StepState& state,
            std::vector<StepOperation>* operations = nullptr);

 private:
  /// Puts it where the equation has the name; nothing where it has none.
  void set(int place, double value);
  void set(int place, const Pair& elements);

  Optimizer optimizer_;
  Equation equation_;
  std::vector<Operand> operands_;
  int t_, dampening_, g_, theta_;  ///< places of names
  std::vector<int> kept_;
};

}  // namespace nanscope
