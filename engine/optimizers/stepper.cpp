#include "engine/optimizers/stepper.h"

#include <utility>

namespace nanscope {

Stepper::Stepper(const Optimizer& optimizer)
    : optimizer_(optimizer),
      equation_(optimizer_text(optimizer.kind).equation),
      operands_(equation_.names().size()),
      t_(equation_.place("t")),
      dampening_(equation_.place("dampening")),
      g_(equation_.place("g")),
      theta_(equation_.place("theta")) {
  for (const std::string_view symbol : optimizer_text(optimizer.kind).state)
    kept_.push_back(equation_.place(symbol));
  const std::pair<std::string_view, double> settings[] = {{"lr", optimizer.lr},
                                                          {"momentum", optimizer.momentum},
                                                          {"alpha", optimizer.alpha},
                                                          {"beta1", optimizer.beta1},
                                                          {"beta2", optimizer.beta2},
                                                          {"eps", optimizer.eps},
                                                          {"lambda", optimizer.weight_decay},
                                                          {"rows", 1},
                                                          {"columns", 2}};
  for (const auto& [name, value] : settings) set(equation_.place(name), value);
}

void Stepper::set(int place, double value) {
  if (place >= 0) operands_[static_cast<std::size_t>(place)] = {{value, value}, false};
}
void Stepper::set(int place, const Pair& elements) {
  if (place >= 0) operands_[static_cast<std::size_t>(place)] = {elements, true};
}

void Stepper::step(Rounder& rounder, int t, const Pair& gradient, StepState& state,
                   std::vector<StepOperation>* operations) {
  set(t_, double(t));
  // As in PyTorch: the first velocity is the gradient itself, and without momentum there is none.
  set(dampening_, t == 1 || optimizer_.momentum == 0 ? 0.0 : optimizer_.dampening);
  set(g_, gradient);
  set(theta_, state.theta);
  for (std::size_t i = 0; i < kept_.size(); ++i) set(kept_[i], state.kept[i]);
  equation_.run(rounder, operands_, operations);
  state.theta = operands_[static_cast<std::size_t>(theta_)].elements;
  for (std::size_t i = 0; i < kept_.size(); ++i)
    state.kept[i] = operands_[static_cast<std::size_t>(kept_[i])].elements;
}

}  // namespace nanscope
