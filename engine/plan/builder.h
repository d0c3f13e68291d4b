#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/plan/description.h"
#include "engine/precision/precision.h"

namespace nanscope {

/// Lays out a plan, value by value and operation by operation. The primitives (operations/) append
/// operations with it, models (models/) are made of primitives.
class PlanBuilder {
 public:
  /// Every value has a leading dimension of networks if there are several. `running`: norms of
  /// batches keep statistics for evaluation.
  PlanBuilder(const PrecisionRow& precision, std::int64_t networks, bool running = false)
      : row_(precision), networks_(networks), running_(running) {
    plan_.networks = networks;
  }

  const PrecisionRow& row() const { return row_; }
  const PlanValue& value(ValueId id) const { return plan_.value(id); }
  bool keeps_running() const { return running_; }
  bool needs_gradient(ValueId id) const { return value(id).gradient != kNoValue; }

  /// Values of the present layer; `symbol` is the name without the layer's suffix. Shapes leave out
  /// the dimension of networks.
  ValueId add_input(const std::string& symbol, std::vector<std::int64_t> shape);
  ValueId add_input(const std::string& symbol, std::vector<std::int64_t> shape,
                    const NumberFormat& format);
  /// What the loss compares with, for each sample.
  ValueId add_target(const std::string& symbol, std::vector<std::int64_t> shape,
                     const NumberFormat& format);
  /// What an optimizer keeps: of each element of each parameter, in its format.
  void add_optimizer_state(std::span<const std::string_view> symbols, bool counts_steps);
  /// Parameters are drawn in the order in which they are added, which is to be PyTorch's.
  ValueId add_parameter(const std::string& symbol, std::vector<std::int64_t> shape,
                        ParameterInit init, std::int64_t fan_in, double factor = 1);
  /// A weight (out, in).
  ValueId add_weight(const std::string& symbol, std::int64_t out, std::int64_t in) {
    return add_parameter(symbol, {out, in}, ParameterInit::weight, in);
  }
  /// What an operation computes, with a gradient where one of `sources` has one.
  ValueId add_result(const std::string& symbol, std::vector<std::int64_t> shape,
                     const NumberFormat& format, std::vector<ValueId> sources);
  ValueId add_result(const std::string& symbol, std::vector<std::int64_t> shape,
                     const NumberFormat& format, const NumberFormat& gradient_format,
                     std::vector<ValueId> sources);
  /// A cast of a value: named after it, "h3_bf16".
  ValueId add_cast_of(ValueId source, const NumberFormat& format,
                      const NumberFormat& gradient_format);
  ValueId add_saved(const std::string& symbol, std::vector<std::int64_t> shape,
                    const NumberFormat& format);
  ValueId add_scratch(const std::string& symbol, std::vector<std::int64_t> shape,
                      const NumberFormat& format);
  /// The running statistics of (C) features.
  RunningStatistics add_running(std::int64_t features, const NumberFormat& format);
  /// Without the dimension of networks.
  std::vector<std::int64_t> shape_of(ValueId id) const;

  /// Appends an operation to the present layer; without an equation it gets the one of its formula.
  /// Returns its first output.
  ValueId add_operation(PlanOperation operation);

  /// Opens a layer, whose values' names end with `suffix`.
  void begin_layer(std::string name, std::string suffix);
  /// Names a value of the present layer as a place where probes look: after the latest operation.
  /// A parameter that has just been used is in the cache, and read faster than by a probe alone.
  void add_tap(std::string_view name, ValueId value);
  void end_layer();

  /// Makes so many segments of the layers so far, at most one a layer. All but the last, which runs
  /// back at once, are computed again on the way back.
  void recompute_in(int segments);

  /// The plan that ends in this value, with its buffers.
  PlanDescription finish(ValueId output, GradientPolicy gradients) &&;

 private:
  int present_layer() const { return static_cast<int>(plan_.layers.size()) - 1; }
  ValueId add_value(PlanValue value, std::vector<std::int64_t> shape);
  void add_gradient(ValueId id, const NumberFormat& format);
  /// From where on the operations have to have run back for a value's gradient to be complete:
  /// after the one that computed it, or from the first that reads a parameter.
  int complete_from(ValueId value) const;

  const PrecisionRow& row_;
  std::int64_t networks_;
  bool running_;
  std::string suffix_;
  PlanDescription plan_;
};

}  // namespace nanscope
