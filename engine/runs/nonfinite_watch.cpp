#include "engine/runs/nonfinite_watch.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <utility>

#include "engine/plan/optimizers/optimizers.h"
#include "engine/runs/element_story.h"
#include "engine/runs/parameter_story.h"

namespace nanscope {
namespace {

/// Of the first element that is not finite, row by row.
std::optional<std::int64_t> first_bad_index(const at::Tensor& tensor) {
  const at::Tensor finite = tensor.isfinite();
  if (finite.all().item<bool>()) return std::nullopt;
  return finite.flatten().logical_not().to(at::kByte).argmax().item<std::int64_t>();
}

}  // namespace

const at::Tensor* NonfiniteWatch::before(ValueId value) const {
  const auto found = std::ranges::find(before_, value, &Before::value);
  return found == before_.end() ? nullptr : &found->tensor;
}

void NonfiniteWatch::before(int operation, Direction direction) {
  before_.clear();
  const auto& inputs = plan().operations[static_cast<std::size_t>(operation)].inputs;
  if (direction == Direction::forward) {
    for (const ValueId id : inputs)
      if (plan().value(id).role == ValueRole::running)
        before_.push_back({id, run_.plan().value(id).data().clone()});
    if (operation > 0) return;
    for (const PlanParameter& parameter : plan().parameters) {
      look_at_given(parameter.value, StepPhase::forward, "init");
      for (const ValueId state : parameter.state) look_at_given(state, StepPhase::forward, "init");
    }
    look_at_given(plan().input, StepPhase::forward, "data");
    return look_at_given(plan().target, StepPhase::forward, "data");
  }
  if (operation + 1 == static_cast<int>(plan().operations.size()))
    look_at_given(plan().value(plan().output).gradient, StepPhase::backward, "loss_scale");
  for (const ValueId id : inputs)
    if (const Value& value = run_.plan().value(id); value.gradient_is_written())
      before_.push_back({plan().value(id).gradient, value.gradient().clone()});
}

void NonfiniteWatch::after(int operation, Direction direction) {
  const PlanOperation& done = plan().operations[static_cast<std::size_t>(operation)];
  if (direction == Direction::forward) {
    for (const ValueId id : done.saved)
      if (plan().value(id).role == ValueRole::saved) look(id, operation, direction);
    for (const ValueId id : done.inputs)
      if (plan().value(id).role == ValueRole::running) look(id, operation, direction);
    for (const ValueId id : done.outputs) look(id, operation, direction);
    return;
  }
  for (const ValueId id : done.inputs)
    if (const ValueId gradient = plan().value(id).gradient; gradient != kNoValue)
      look(gradient, operation, direction);
}

bool NonfiniteWatch::begins(const at::Tensor& tensor, StepPhase phase, const std::string& name,
                            const std::string& format) {
  if (found_) return false;
  const auto index = first_bad_index(tensor);
  if (!index) return false;
  const std::vector<std::int64_t> coordinates = coordinates_of(*index, tensor.sizes());
  found_ = {.step = run_.steps_done(),
            .phase = phase,
            .tensor = name,
            .shape = tensor.sizes().vec(),
            .coordinates = coordinates,
            .index = *index,
            .result = {element_name(name, coordinates), element_of(tensor, *index), format}};
  return true;
}

void NonfiniteWatch::look(ValueId id, int operation, Direction direction) {
  const Value& value = run_.plan().value(id);
  const bool forward = direction == Direction::forward;
  if (!begins(value.data(), forward ? StepPhase::forward : StepPhase::backward, value.name(),
              value.format().name))
    return;
  const PlanOperation& done = plan().operations[static_cast<std::size_t>(operation)];
  found_->operation = operation;
  found_->kind = done.kind;
  found_->layer = plan().layers[static_cast<std::size_t>(done.layer)].name;
  const at::Tensor* was = before(id);
  tell_element({.plan = run_.plan(),
                .operation = operation,
                .direction = direction,
                .value = id,
                .coordinates = found_->coordinates,
                .before = was ? element_of(*was, found_->index) : 0,
                .was_added = was != nullptr},
               *found_);
}

void NonfiniteWatch::look_at_given(ValueId id, StepPhase phase, std::string_view kind) {
  const Value& value = run_.plan().value(id);
  if (!begins(value.data(), phase, value.name(), value.format().name)) return;
  found_->kind = kind;
  found_->cause = AutopsyCause::overflow;
}

void NonfiniteWatch::keep_gradients() {
  before_.clear();
  for (const PlanParameter& parameter : plan().parameters) {
    const ValueId gradient = gradient_of(parameter);
    before_.push_back({gradient, run_.plan().value(gradient).data().clone()});
  }
}

void NonfiniteWatch::keep_parameters() {
  before_.clear();
  for (const PlanParameter& parameter : plan().parameters) {
    before_.push_back({parameter.value, run_.plan().value(parameter.value).data().clone()});
    for (const ValueId state : parameter.state)
      before_.push_back({state, run_.plan().value(state).data().clone()});
  }
}

void NonfiniteWatch::after(StepPhase phase) {
  if (found_) return;
  if (phase == StepPhase::backward) {
    scale_ = run_.loss_scale().value_or(1);
    return keep_gradients();
  }
  if (phase == StepPhase::unscale || phase == StepPhase::penalty) {
    look_at_gradients(phase);
    if (phase == StepPhase::penalty) before_penalty_ = std::move(before_);
    keep_gradients();
  }
  if (phase == StepPhase::gradient_norm) look_at_norms();
  if (phase == StepPhase::clip) {
    look_at_gradients(phase);
    keep_parameters();
  }
  if (phase == StepPhase::optimizer) look_at_parameters();
}

void NonfiniteWatch::look_at_gradients(StepPhase phase) {
  for (const PlanParameter& parameter : plan().parameters) {
    const Value& gradient = run_.plan().value(gradient_of(parameter));
    if (!begins(gradient.data(), phase, gradient.name(), gradient.format().name)) continue;
    found_->kind = name_of(phase);
    found_->layer = plan().layers[static_cast<std::size_t>(parameter.draw.layer)].name;
    return tell_gradient(phase, parameter);
  }
}

void NonfiniteWatch::tell_gradient(StepPhase phase, const PlanParameter& parameter) {
  const at::Tensor& was = *before(gradient_of(parameter));
  const std::string& format = found_->result.format;
  std::vector<EquationOperand> operands{
      {"g", {found_->result.name + " before", element_of(was, found_->index), format}}};
  const auto add = [&](const char* symbol, std::string name, double value, std::string of) {
    operands.push_back({symbol, {std::move(name), value, std::move(of)}});
  };
  const TrainingSpec& training = run_.training();
  std::string equation = "result = g";
  if (phase == StepPhase::unscale) {
    add("s", "scale", scale_, "fp32");
    equation += " / s";
  } else if (phase == StepPhase::clip) {
    add("c", "clip.norm", training.clip_norm, "fp64");
    add("n", "norm", run_.gradient_norm().item<double>(), format);
    equation += " c / n";
  } else {
    const Value& theta = run_.plan().value(parameter.value);
    add("w", element_name(theta.name(), found_->coordinates),
        element_of(theta.data(), found_->index), theta.format().name);
    if (training.l1 > 0) {
      add("l1", "regularization.l1", training.l1, "fp64");
      equation += " + l1 sign(w)";
    }
    if (training.l2 > 0) {
      add("l2", "regularization.l2", training.l2, "fp64");
      equation += " + 2 l2 w";
    }
  }
  tell_equation(equation, "result", operands, *found_);
}

void NonfiniteWatch::look_at_norms() {
  const auto& parameters = plan().parameters;
  const std::string& format = plan().value(gradient_of(parameters.front())).stored->name;
  const auto tell = [&](const std::string& before, const at::Tensor& squared) {
    found_->kind = name_of(StepPhase::gradient_norm);
    const at::Tensor wide = squared.flatten().to(at::kDouble).contiguous();
    const double* values = wide.const_data_ptr<double>();
    const SummedElement::Factor factor{.before = before + "[",
                                       .behind = "]",
                                       .format = format,
                                       .values = {values, values + wide.numel()},
                                       .columns = squared.dim() == 2 ? squared.size(1) : 0};
    tell_sum({.left = factor, .right = factor, .is_root = true}, *found_);
  };
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Value& gradient = run_.plan().value(gradient_of(parameters[i]));
    if (!begins(run_.gradient_norms().select(0, static_cast<std::int64_t>(i)),
                StepPhase::gradient_norm, "norm(" + gradient.name() + ")", format))
      continue;
    found_->layer = plan().layers[static_cast<std::size_t>(parameters[i].draw.layer)].name;
    return tell(gradient.name(), gradient.data());
  }
  if (begins(run_.gradient_norm(), StepPhase::gradient_norm, "norm", format))
    tell("norms", run_.gradient_norms());
}

void NonfiniteWatch::look_at_parameters() {
  const OptimizerText& text = optimizer_text(run_.training().optimizer.kind);
  for (const PlanParameter& parameter : plan().parameters) {
    const auto look = [&](ValueId id, std::string_view symbol) {
      const Value& value = run_.plan().value(id);
      if (!begins(value.data(), StepPhase::optimizer, value.name(), value.format().name)) return;
      found_->kind = name_of(text.kind);
      found_->layer = plan().layers[static_cast<std::size_t>(parameter.draw.layer)].name;
      tell_parameter(
          run_, parameter, symbol,
          [&](ValueId of) -> const at::Tensor& {
            const auto gradient = std::ranges::find(before_penalty_, of, &Before::value);
            return gradient == before_penalty_.end() ? *before(of) : gradient->tensor;
          },
          *found_);
    };
    for (std::size_t i = 0; i < parameter.state.size(); ++i)
      look(parameter.state[i], text.state[i]);
    look(parameter.value, "theta");
    if (found_) return;
  }
}

}  // namespace nanscope
