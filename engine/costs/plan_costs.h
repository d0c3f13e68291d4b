#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plan/description.h"

// What a training run of an experiment costs by its plan: exactly, and by the rules of thumb.
namespace nanscope {

/// Bytes of the plan's buffers; one that several values share counts for the first of them.
struct PlanMemory {
  std::int64_t parameters = 0;
  std::int64_t parameter_copies = 0;  ///< in the format that products read
  std::int64_t gradients = 0;         ///< of parameters
  std::int64_t optimizer = 0;
  std::int64_t activations = 0;  ///< and what else operations save
  std::int64_t activation_gradients = 0;
  std::int64_t input = 0, running = 0, scratch = 0;
  std::int64_t total() const {
    return parameters + parameter_copies + gradients + optimizer + activations +
           activation_gradients + input + running + scratch;
  }
  bool operator==(const PlanMemory&) const = default;
};
/// Its parts by their keys, in the order in which tables and JSON have them.
inline constexpr std::array<std::pair<std::string_view, std::int64_t PlanMemory::*>, 9>
    kPlanMemoryParts{{{"parameters", &PlanMemory::parameters},
                      {"parameter_copies", &PlanMemory::parameter_copies},
                      {"gradients", &PlanMemory::gradients},
                      {"optimizer", &PlanMemory::optimizer},
                      {"activations", &PlanMemory::activations},
                      {"activation_gradients", &PlanMemory::activation_gradients},
                      {"input", &PlanMemory::input},
                      {"running", &PlanMemory::running},
                      {"scratch", &PlanMemory::scratch}}};
PlanMemory plan_memory(const PlanDescription& plan);
/// The same of buffers of other sizes: as an allocator has measured them, say.
PlanMemory plan_memory(const PlanDescription& plan, std::span<const std::int64_t> buffers);
/// The same by layer, without what several layers use in turn.
struct LayeredMemory {
  std::vector<PlanMemory> own;  ///< of each layer of the plan, in its order
  PlanMemory shared;            ///< of several, and of none (the optimizer's count)
};
LayeredMemory layered_memory(const PlanDescription& plan, std::span<const std::int64_t> buffers);

/// The category of values with this role; `of_parameter`: a parameter's gradient.
std::int64_t& category_of(PlanMemory& memory, ValueRole role, bool of_parameter);

/// By the rules of the lecture notes (CS336): a deep linear network's activations are B D of each
/// layer, gradients are as many as parameters, a step is 6 FLOPs a row and parameter.
struct PlanRules {
  std::int64_t parameters = 0, activations = 0;  ///< numbers
  std::int64_t state = 0;                        ///< numbers that the optimizer keeps
  double flops = 0;
  std::int64_t bytes = 0;  ///< all four in the format of the weights
};

/// What one layer of the plan holds for itself and computes.
struct PlanLayerCosts {
  std::string name = {};
  PlanMemory memory = {};
  double forward = 0, backward = 0;  ///< FLOPs of a step, without what is computed again
};

struct PlanCosts {
  std::int64_t parameters = 0;  ///< numbers
  PlanMemory memory = {};
  double forward = 0, backward = 0;  ///< model FLOPs of a step: all its micro-batches
  double recomputed = 0;             ///< beside these, what is computed again on the way back
  /// Of the first product back, which needs no gradient of its input: what 6 a row and parameter
  /// count too much.
  double spared = 0;
  std::vector<PlanLayerCosts> layers = {};
  PlanMemory shared = {};  ///< what no layer has for itself; with theirs it adds up to `memory`
  PlanRules rules = {};
  /// Whether the precision is rounded in software here, with its numbers kept in fp32.
  bool emulated = false;
  /// Of the products in the optimizer's step, which nobody counts as model FLOPs.
  double optimizer = 0;
  double step() const { return forward + backward; }
  double hardware() const { return step() + recomputed; }  ///< what the device computes
};
/// Of a plan of training (describe_training()).
PlanCosts plan_costs(const Experiment& experiment, const PlanDescription& plan);

/// Schema nanscope.cost/1.
std::string plan_costs_to_json(const Experiment& experiment, const PlanCosts& costs);

}  // namespace nanscope
