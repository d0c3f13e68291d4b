#include "engine/runs/parameter_story.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/optimizers/equation_tree.h"
#include "engine/plan/optimizers/optimizers.h"
#include "engine/plan/schedules/schedules.h"
#include "engine/runs/element_story.h"
#include "engine/training/optimizers/optimizers.h"

namespace nanscope {
namespace {

/// The settings that optimizers' equations name.
std::vector<EquationOperand> settings_of(const Optimizer& optimizer, std::int64_t t) {
  const auto setting = [](const char* symbol, double value) {
    return EquationOperand{symbol, {symbol, value, "fp64"}};
  };
  return {setting("lr", optimizer.lr),
          setting("momentum", optimizer.momentum),
          setting("dampening", optimizer.dampening),
          setting("alpha", optimizer.alpha),
          setting("beta1", optimizer.beta1),
          setting("beta2", optimizer.beta2),
          setting("eps", optimizer.eps),
          setting("lambda", optimizer.weight_decay),
          setting("t", static_cast<double>(t))};
}

/// The element of largest magnitude, one that is not finite before all others.
std::int64_t place_of_largest(const at::Tensor& tensor) {
  return tensor.flatten()
      .abs()
      .nan_to_num(INFINITY, INFINITY, INFINITY)
      .argmax()
      .item<std::int64_t>();
}

/// The norm as a kernel calculates it in the tensor's own numbers, and as it is.
AutopsyNorm norm_of(const std::string& name, const at::Tensor& tensor, const at::Tensor& wide,
                    const NumberFormat& format) {
  const std::int64_t place = place_of_largest(tensor);
  const double largest = element_of(wide.abs(), place_of_largest(wide));
  const bool has_length = largest > 0 && std::isfinite(largest);
  return {.norm = {"|" + name + "|", tensor.norm().item<double>(), format.name},
          .exact = has_length
                       ? static_cast<long double>(largest) *
                             static_cast<long double>(wide.div(largest).norm().item<double>())
                       : static_cast<long double>(largest),
          .largest = {element_name(name, coordinates_of(place, tensor.sizes())),
                      element_of(tensor, place), format.name}};
}

/// The norms of whole tensors that LAMB's equation names.
std::vector<AutopsyNorm> norms_of(const TrainingRun& run, const PlanParameter& parameter,
                                  const std::function<const at::Tensor&(ValueId)>& before) {
  const Value& theta = run.plan().value(parameter.value);
  const at::Tensor& g =
      run.plan().value(run.plan().description().value(parameter.value).gradient).data();
  const auto direction = [&](at::ScalarType type) {
    const auto own = [&](const at::Tensor& tensor) {
      return tensor.to(type, false, /*copy=*/true);
    };
    return lamb_direction(run.training().optimizer, run.steps_done() - run.steps_skipped(),
                          own(before(parameter.value)), own(g), own(before(parameter.state[0])),
                          own(before(parameter.state[1])));
  };
  const NumberFormat& stored = *run.plan().description().value(parameter.value).stored;
  const at::Tensor& was = before(parameter.value);
  return {norm_of(theta.name(), was, was.to(at::kDouble), stored),
          norm_of("u", direction(was.scalar_type()), direction(at::kDouble), stored)};
}

/// What a penalty makes of the loss's gradient, in front of an optimizer's equation. Clipping comes
/// between the two.
std::string penalty_equation(const TrainingSpec& training) {
  if (training.l1 == 0 && training.l2 == 0) return "";
  std::string text = "g = loss";
  if (training.l1 > 0) text += " + l1 sign(theta)";
  if (training.l2 > 0) text += " + 2 l2 theta";
  return text + "; ";
}

}  // namespace

void tell_parameter(const TrainingRun& run, const PlanParameter& parameter, std::string_view symbol,
                    const std::function<const at::Tensor&(ValueId)>& before, Autopsy& autopsy) {
  const OptimizerText& text = optimizer_text(run.training().optimizer.kind);
  Optimizer optimizer = run.training().optimizer;
  optimizer.lr = learning_rate(run.training(), run.steps_done());
  std::vector<EquationOperand> operands;
  const auto add = [&](std::string_view name, ValueId id, const at::Tensor& tensor) {
    const Value& value = run.plan().value(id);
    operands.push_back({std::string(name),
                        {element_name(value.name(), autopsy.coordinates),
                         element_of(tensor, autopsy.index), value.format().name}});
  };
  const TrainingSpec& training = run.training();
  const ValueId gradient = run.plan().description().value(parameter.value).gradient;
  const bool clips = training.clip_norm > 0 || training.clip_value > 0;
  const std::string penalty = clips ? "" : penalty_equation(training);
  if (!penalty.empty()) {
    add("loss", gradient, before(gradient));
    operands.back().number.name =
        element_name("dL/d" + run.plan().value(parameter.value).name(), autopsy.coordinates);
    if (training.l1 > 0) operands.push_back({"l1", {"regularization.l1", training.l1, "fp64"}});
    if (training.l2 > 0) operands.push_back({"l2", {"regularization.l2", training.l2, "fp64"}});
  }
  add("g", gradient, run.plan().value(gradient).data());
  add("theta", parameter.value, before(parameter.value));
  for (std::size_t i = 0; i < parameter.state.size(); ++i)
    add(text.state[i], parameter.state[i], before(parameter.state[i]));
  const std::string whole = penalty + std::string(text.equation);
  const EquationTree equation = read_equation(whole);
  for (EquationOperand& setting :
       settings_of(optimizer, run.steps_done() - run.steps_skipped() + 1))
    if (equation.place(setting.symbol) >= 0) operands.push_back(std::move(setting));
  std::vector<AutopsyNorm> norms;
  if (optimizer.kind == OptimizerKind::lamb && symbol == "theta")
    norms = norms_of(run, parameter, before);
  const bool has_length = std::ranges::none_of(
      norms, [](const AutopsyNorm& one) { return is_no_length(one.norm.value); });
  constexpr std::string_view kSymbols[] = {"|theta|", "|u|"};
  for (std::size_t i = 0; i < norms.size(); ++i)
    operands.push_back(
        {std::string(kSymbols[i]), norms[i].norm, norms[i].exact, has_length ? "" : "1"});
  tell_equation(whole, symbol, operands, autopsy);
  if (autopsy.cause != AutopsyCause::on_the_way) return;
  for (const AutopsyNorm& one : norms)
    if (!std::isfinite(one.norm.value) && !autopsy.norm) autopsy.norm = one;
}

}  // namespace nanscope
