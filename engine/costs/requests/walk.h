#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/plan/description.h"

// One training step, operation by operation: forward, back, the optimizer. Read from the plan, or
// computed in numbers for an example that a person can follow on paper.
namespace nanscope {

enum class WalkWay { forward, loss, backward, recomputed, optimizer };

struct WalkTensor {
  std::string name = {};
  std::vector<std::int64_t> shape = {};
  std::vector<double> numbers = {};  ///< of an example
  bool transposed = false;           ///< read with rows and columns exchanged
};

/// One tensor that is computed: of a linear operation's way back one step for each gradient.
struct WalkStep {
  WalkWay way = WalkWay::forward;
  std::string layer = {};
  std::string kind = {};  ///< of the operation: "linear"
  int operation = -1;     ///< its place in the plan; -1: none
  std::string equation = {};
  std::vector<WalkTensor> reads = {};
  WalkTensor writes = {};
  bool product = false;         ///< a matrix product of the first two that it reads
  bool by_input = false;        ///< a gradient of what the operation read, not of a weight
  bool spared = false;          ///< not computed, as nobody needs it
  double flops = 0;             ///< model FLOPs
  std::int64_t bytes = 0;       ///< read and written
  std::string arithmetic = {};  ///< of an example: "1 * 1 + 2 * 1 + 3 * 1 = 6"
};

/// Every operation of a plan of training, forward, then back, then each parameter's update.
std::vector<WalkStep> walk_of_plan(const PlanDescription& plan, OptimizerKind optimizer);

/// y = x w^T, L = (y - target)^2 / 2 and its gradients. Errors: lists of different lengths.
Result<std::vector<WalkStep>> walk_of_example(const std::vector<double>& x,
                                              const std::vector<double>& w, double target);

/// FLOPs of a layer, by what they are for.
struct LayerFlops {
  std::string name = {};
  double forward = 0, by_input = 0, by_weight = 0, recomputed = 0;
  double total() const { return forward + by_input + by_weight + recomputed; }
};
/// Of each layer of the plan, of one batch.
std::vector<LayerFlops> flops_by_layer(const PlanDescription& plan,
                                       const std::vector<WalkStep>& walk);

}  // namespace nanscope
