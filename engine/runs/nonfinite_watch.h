#pragma once

#include <optional>
#include <vector>

#include "engine/recipe/autopsy.h"
#include "engine/runs/training_run.h"

namespace nanscope {

/// Watches a step that ends in numbers that are not finite, and tells of the first one; see
/// Autopsy. After each operation it looks at what that wrote: forward what it saved, then its
/// running statistics, then its result; backward the gradients of its inputs, in the plan's order.
/// Before these at what is given: the data, and dL/dL. After unscaling, penalty, norms, clipping
/// and the optimizer it looks at gradients, norms and, parameter by parameter, at the optimizer's
/// state and the parameter.
class NonfiniteWatch final : public StepWatch {
 public:
  explicit NonfiniteWatch(const TrainingRun& run) : run_(run) {}

  void before(int operation, Direction direction) override;
  void after(int operation, Direction direction) override;
  void after(StepPhase phase) override;
  /// Nothing where all was finite.
  const std::optional<Autopsy>& found() const { return found_; }

 private:
  /// A tensor as it was before it is written.
  struct Before {
    ValueId value = kNoValue;
    at::Tensor tensor;
  };

  const PlanDescription& plan() const { return run_.plan().description(); }
  ValueId gradient_of(const PlanParameter& parameter) const {
    return plan().value(parameter.value).gradient;
  }
  const at::Tensor* before(ValueId value) const;
  void look(ValueId value, int operation, Direction direction);
  /// At what no operation of the step wrote: the parameters as they are drawn, the data, dL/dL.
  void look_at_given(ValueId value, StepPhase phase, std::string_view kind);
  /// Begins the autopsy if a tensor has such an element.
  bool begins(const at::Tensor& tensor, StepPhase phase, const std::string& name,
              const std::string& format);
  void keep_gradients();
  void keep_parameters();
  void look_at_gradients(StepPhase phase);
  void tell_gradient(StepPhase phase, const PlanParameter& parameter);
  void look_at_norms();
  void look_at_parameters();

  const TrainingRun& run_;
  std::vector<Before> before_, before_penalty_;  ///< the latter: gradients
  double scale_ = 1;                             ///< of the loss, in this step
  std::optional<Autopsy> found_;
};

}  // namespace nanscope
