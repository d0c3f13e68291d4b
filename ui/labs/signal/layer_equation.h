#pragma once

#include <string>
#include <vector>

#include "engine/plan/description.h"
#include "engine/probes/signal.h"
#include "ui/widgets/number_table.h"

namespace nanscope {

struct EquationLine {
  std::string words;
  bool muted = false;       ///< the explanation rather than the formula
  bool formula = false;     ///< words that ui/formula sets
  std::string number = {};  ///< what a click copies of it in place of the words
};

/// One operation of a layer, there and back, as the plan says it.
struct OperationLines {
  std::string kind;
  std::string equation;
  std::vector<NumberCell> cost;   ///< "3.36e+07 FLOPs", "1.2 MiB"
  std::string backward_equation;  ///< empty where nothing needs a gradient
  std::vector<NumberCell> backward_cost;
  std::string pytorch;
};
std::vector<OperationLines> layer_operations(const PlanDescription& plan, int layer);

/// What a layer does to the variance, with its measured numbers filled in:
/// Var(z) = fan_in Var(W) E[x^2], which holds for independent weights of mean zero.
std::vector<EquationLine> variance_equation(const SignalSnapshot& snapshot, int layer);

}  // namespace nanscope
