#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "engine/data/table.h"
#include "engine/experiment/experiment.h"
#include "engine/machine/watch.h"
#include "engine/theory/prediction.h"

namespace nanscope {

/// The parameters of every network at gain 1 and bias_std 1, in float. With N networks each tensor
/// has a leading N.
struct ParameterDraws {
  std::vector<at::Tensor> weights;  ///< a layer's (out,in)
  std::vector<at::Tensor> biases;   ///< a layer's (out); empty without biases
};

/// Input X (B,C), in float or as a table for fp64 in double, upstream gradient R (B,width) in
/// float, and what theory has to know of X.
struct InputDraws {
  at::Tensor input;
  at::Tensor upstream_gradient;
  InputMoments moments;
};

/// Keeps the draws of the latest experiment, so that a moved gain, another precision or another
/// batch draws nothing again. Network n draws from a generator of its own, seeded with seed + n:
/// for each layer weight and bias, then X, then R.
class Draws {
 public:
  /// What the parameters depend on.
  struct Key {
    int depth = 0;
    int width = 0;
    int features = 0;
    bool bias = false;
    InitScheme scheme = InitScheme::normal;
    double cut = 0;
    CutReading cut_reading = CutReading::standard_deviations;
    std::uint64_t seed = 0;
    int networks = 1;
    bool on_device = false;
    bool operator==(const Key&) const = default;
  };

  /// Whether the experiment's parameters are yet to be drawn, by draw_layer() until it returns
  /// true. Those of another experiment are forgotten then.
  bool begin_parameters(const Experiment& experiment, int features, at::Device device);
  /// Draws the parameters of one more layer. Returns whether all are there.
  Result<bool> draw_layer(const Experiment& experiment, Watch& watch);
  /// Both. Returns whether the parameters are new.
  Result<bool> prepare_parameters(const Experiment& experiment, int features, at::Device device,
                                  Watch& watch);
  /// After prepare_parameters(). Returns whether the input is new.
  Result<bool> prepare_input(const Experiment& experiment, const Table* table, int features);

  const ParameterDraws& parameters() const { return parameters_; }
  const InputDraws& input() const { return *input_; }

  /// Draws the input again next time: its table has changed.
  void forget_input() { input_.reset(); }
  /// Frees everything.
  void clear();
  std::int64_t bytes() const;
  /// What the parameters of an experiment will take.
  static std::int64_t predicted_bytes(const Experiment& experiment, int features);
  /// About which share of an experiment's first pass goes into drawing its parameters, 0..1.
  static double predicted_share(const Experiment& experiment);

 private:
  std::optional<Key> key_;      ///< of parameters_, once they are complete
  std::optional<Key> drawing_;  ///< of parameters_ while they are not
  at::Device device_ = at::kCPU;
  ParameterDraws parameters_;
  std::vector<at::Generator> generators_;  ///< of each network, after its parameters
  std::optional<InputDraws> input_;
  DataSpec data_;  ///< of input_
};

}  // namespace nanscope
