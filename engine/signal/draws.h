#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/data/table.h"
#include "engine/experiment/data.h"
#include "engine/experiment/network.h"
#include "engine/machine/watch.h"
#include "engine/plan/description.h"
#include "engine/theory/prediction.h"

namespace nanscope {

/// Input X (B,C), in float or as a table for fp64 in double, upstream gradient R (B,width) in
/// float, and what theory has to know of X.
struct InputDraws {
  at::Tensor input;
  at::Tensor upstream_gradient;
  InputMoments moments;
};

/// Keeps the draws of the latest experiment, so that a moved gain, another precision or another
/// batch draws nothing again. Network n draws from a generator of its own, seeded with seed + n:
/// its parameters in the plan's order, then X, then R.
class Draws {
 public:
  /// What the parameters depend on.
  struct Key {
    std::vector<ParameterDraw> parameters;
    Init init;  ///< what of it the draws do not depend on is at its default
    std::uint64_t seed = 0;
    int networks = 1;
    bool on_device = false;
    bool operator==(const Key&) const = default;
  };

  /// Whether the plan's parameters are yet to be drawn, by draw_layer() until it returns true.
  /// Those of another network are forgotten then.
  bool begin_parameters(const NetworkSpec& network, const PlanDescription& plan, at::Device device);
  /// Draws the parameters of one more layer. Returns whether all are there.
  Result<bool> draw_layer(Watch& watch);
  /// Both. Returns whether the parameters are new.
  Result<bool> prepare_parameters(const NetworkSpec& network, const PlanDescription& plan,
                                  at::Device device, Watch& watch);
  /// After prepare_parameters(), for the same plan. Returns whether the input is new.
  Result<bool> prepare_input(const DataSpec& data, const Table* table, const PlanDescription& plan);

  /// As the plan lists them, at gain 1 and bias_std 1, in float. With N networks each tensor has a
  /// leading N.
  const std::vector<at::Tensor>& parameters() const { return parameters_; }
  const InputDraws& input() const { return *input_; }

  /// Draws the input again next time: its table has changed.
  void forget_input() { input_.reset(); }
  /// Frees everything.
  void clear();
  /// Measured; what they will take says PlanDescription::draw_bytes().
  DrawBytes bytes() const;

 private:
  std::optional<Key> key_;      ///< of parameters_, once they are complete
  std::optional<Key> drawing_;  ///< of parameters_ while they are not
  at::Device device_ = at::kCPU;
  std::vector<at::Tensor> parameters_;
  std::vector<at::Generator> generators_;  ///< of each network, after its parameters
  std::optional<InputDraws> input_;
  DataSpec data_;  ///< of input_
};

}  // namespace nanscope
