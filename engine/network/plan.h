#pragma once

#include <ATen/core/Tensor.h>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/network/operation.h"
#include "engine/network/value.h"
#include "engine/precision/precision.h"
#include "engine/probes/signal.h"

namespace nanscope {

struct PlanOptions {
  std::int64_t features = 0;  ///< C of the input (B,C); unlike the width it adds an input layer
  at::Device device = at::kCPU;
  /// Every value keeps its own gradient. Otherwise gradients of the same shape share buffers, which
  /// stay in the cache: read them in a probe.
  bool keep_gradients = false;
};

/// One layer as probes and people see it: a range of operations and the values that they measure.
struct PlanLayer {
  std::string name;  ///< "linear 3", or "input"
  Value* weight = nullptr;
  Value* bias = nullptr;  ///< null without
  Value* preactivation = nullptr;
  Value* branch = nullptr;      ///< act(preactivation)
  Value* activation = nullptr;  ///< h': the branch, or with a residual the sum
  std::size_t first_operation = 0;
  std::size_t end_operation = 0;
};

/// Called between operations, when the tensor holds its values and is still in the cache. The
/// activation's gradient is that before the layer's backward operations read it.
using Probe = std::function<void(int layer, SignalTensor which, const at::Tensor& values)>;

/// An experiment as a list of operations over preallocated buffers. Fill the input, the parameters
/// and, before backward, the gradient of the output; then run the layers in order.
class Plan {
 public:
  /// Allocates every buffer (throws c10::Error where memory is not enough). On at::kMeta it
  /// allocates nothing and bytes() tells what a real device would hold.
  Plan(const Experiment& experiment, const PrecisionRow& precision, const PlanOptions& options);

  const std::vector<PlanLayer>& layers() const { return layers_; }
  const std::vector<std::unique_ptr<Operation>>& operations() const { return operations_; }
  const std::deque<Value>& values() const { return values_; }
  const Value& input() const { return *input_; }                      ///< X (B,C)
  const Value& output() const { return *layers_.back().activation; }  ///< h_L

  void forward(int layer, const Probe& probe);
  void backward(int layer, const Probe& probe);
  /// All layers, there or back.
  void forward(const Probe& probe);
  void backward(const Probe& probe);
  /// Before the first layer of a backward pass: forgets the gradients of the pass before and takes
  /// dL/dh_L, rounded to its format.
  void begin_backward(const at::Tensor& upstream_gradient);

  Cost cost() const;           ///< of a forward and a backward pass
  std::int64_t bytes() const;  ///< storage of all buffers, each counted once

 private:
  friend class PlanBuilder;

  std::deque<Value> values_;  ///< a deque: operations keep references
  std::vector<std::unique_ptr<Operation>> operations_;
  std::vector<PlanLayer> layers_;
  std::vector<at::Tensor> scratch_;
  Value* input_ = nullptr;
};

}  // namespace nanscope
