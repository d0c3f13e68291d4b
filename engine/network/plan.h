#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/network/operation.h"
#include "engine/network/value.h"
#include "engine/plan/description.h"
#include "engine/plan/plan.h"

namespace nanscope {

/// Called between operations where a layer has a tap: forward with the value, backward with its
/// gradient, as soon as either is complete and still in the cache.
using Probe = std::function<void(int layer, const PlanTap& tap, Direction direction,
                                 const at::Tensor& values)>;

/// The buffers of a plan; those of N networks have a leading N.
std::vector<at::Tensor> make_buffers(const PlanDescription& description,
                                     at::Device device = at::kCPU);

/// A plan that runs: the buffers of its description and its operations over them. Fill the input,
/// the parameters and, before backward, the gradient of the output; then run the layers in order.
class Plan {
 public:
  /// Allocates every buffer (throws c10::Error where memory is not enough, or where an operation is
  /// of no kind in the list).
  explicit Plan(std::shared_ptr<const PlanDescription> description, at::Device device = at::kCPU,
                std::span<const OperationKind> kinds = operation_kinds());
  /// In buffers that are there: one network's parts of those of several.
  Plan(std::shared_ptr<const PlanDescription> description, std::vector<at::Tensor> buffers,
       std::span<const OperationKind> kinds = operation_kinds());
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  const PlanDescription& description() const { return *description_; }
  const std::shared_ptr<const PlanDescription>& shared_description() const { return description_; }
  /// One for each value of the description.
  const std::vector<Value>& values() const { return values_; }
  const Value& value(ValueId id) const { return values_[static_cast<std::size_t>(id)]; }
  const Value& input() const { return value(description_->input); }    ///< X (B,C)
  const Value& output() const { return value(description_->output); }  ///< h_L
  int layers() const { return static_cast<int>(description_->layers.size()); }
  /// The value that a layer's tap names; null without such a tap.
  const Value* find(int layer, std::string_view tap) const;

  void forward(int layer, const Probe& probe, const PassContext& context = {});
  void backward(int layer, const Probe& probe, const PassContext& context = {});
  /// All layers, there or back.
  void forward(const Probe& probe, const PassContext& context = {});
  void backward(const Probe& probe, const PassContext& context = {});
  /// Before the first layer of a backward pass: forgets the gradients of the pass before, but for
  /// those that accumulate, and takes dL/dh_L, rounded to its format.
  void begin_backward(const at::Tensor& upstream_gradient);
  /// Forgets the gradients that parameters have accumulated, as an optimizer's zero_grad().
  void forget_parameter_gradients();

  std::int64_t bytes() const;  ///< measured: of all buffers
  const std::vector<at::Tensor>& buffers() const { return buffers_; }

 private:
  void run(int operation, Direction direction, const PassContext& context);
  /// A segment's part of the way forward once more, with the same draws.
  void recompute(std::size_t segment, PassContext context);
  void keep_generator(std::size_t segment, const PassContext& context);
  OperationParts parts_of(const PlanOperation& operation);

  std::shared_ptr<const PlanDescription> description_;
  std::vector<at::Tensor> buffers_;
  std::vector<Value> values_;  ///< operations keep references
  std::vector<std::unique_ptr<Operation>> operations_;
  std::vector<at::Generator> generators_;  ///< as each recomputed segment found it
};

}  // namespace nanscope
