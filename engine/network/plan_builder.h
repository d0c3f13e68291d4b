#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/network/plan.h"

namespace nanscope {

/// Lays out a plan: values with their formats and gradient buffers, operations in their order, and
/// a cast wherever two neighbours want different formats (tf32, mixed precisions).
class PlanBuilder {
 public:
  PlanBuilder(Plan& plan, const Experiment& experiment, const PrecisionRow& precision,
              const PlanOptions& options);
  void build();

 private:
  /// How a value's gradient is kept.
  enum class Gradient {
    none,    ///< nobody needs it
    single,  ///< one operation writes it
    summed,  ///< several operations add to it
  };

  /// Appends a layer that reads `stream`; returns its activation. `suffix` ends the values' names.
  Value& add_layer(const std::string& name, const std::string& suffix, Value& stream,
                   bool is_input_layer);
  /// Pre-activation, branch and activation of a layer.
  void add_outputs(PlanLayer& layer, const std::string& suffix, bool residual);
  /// norm(stream), or the stream itself without a norm.
  Value& normalized(Value& stream, const std::string& suffix);
  /// The value in the format that a matrix product wants: itself, or a cast of it.
  Value& factor(Value& value, const NumberFormat& format, const std::string& slot);

  Value& add_value(const std::string& name, std::vector<std::int64_t> shape,
                   const NumberFormat& format, const NumberFormat& gradient_format,
                   Gradient gradient, const std::string& slot);
  /// A value that shares the gradient of another one.
  Value& add_alias(const std::string& name, const at::Tensor& data, const Value& gradient_of);
  static Gradient single_if_needed(const Value& source);
  /// Without the dimension of networks.
  std::vector<std::int64_t> sizes_of(const Value& value) const;

  at::Tensor allocate(at::IntArrayRef shape, at::ScalarType type) const;
  /// A buffer shared by all that ask with the same slot, shape and type, unless gradients are kept.
  at::Tensor gradient_buffer(const std::string& slot, at::IntArrayRef shape, at::ScalarType type);
  /// A buffer that nobody reads after the operation that wrote it, shared by all.
  at::Tensor scratch(const std::string& slot, at::IntArrayRef shape, at::ScalarType type);

  template <class Op, class... Args>
  void add_operation(Args&&... args) {
    plan_.operations_.push_back(std::make_unique<Op>(std::forward<Args>(args)...));
  }

  Plan& plan_;
  const Experiment& experiment_;
  const PrecisionRow& row_;
  const PlanOptions& options_;
  std::map<std::tuple<std::string, std::vector<std::int64_t>, at::ScalarType>, at::Tensor> shared_;
};

}  // namespace nanscope
