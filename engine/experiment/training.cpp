#include "engine/experiment/training.h"

#include "engine/experiment/key_makers.h"

namespace nanscope {
namespace {

/// Below 1, as the bias corrections of Adam divide by 1 - beta^step.
constexpr double kLargestBeta = 0.999999999999;

/// lr is everyone's own: the schedules of a comparison are at the same rate.
Optimizer defaults_of(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::adagrad:
      return {.kind = kind, .eps = 1e-10};
    case OptimizerKind::rmsprop:
      return {.kind = kind, .momentum = 0};
    case OptimizerKind::adamw:
      return {.kind = kind, .weight_decay = 0.01};
    case OptimizerKind::lion:
      return {.kind = kind, .beta2 = 0.99};
    case OptimizerKind::lamb:
      return {.kind = kind, .eps = 1e-6};
    case OptimizerKind::muon:
      return {.kind = kind, .momentum = 0.95, .eps = 1e-7, .weight_decay = 0.1};
    default:
      return {.kind = kind};
  }
}

/// The kind, whose choice moves what stands at a default.
Key kind_key() {
  Key key = choice(
      "optimizer.kind", [](auto& e) -> auto& { return e.training.optimizer.kind; });
  key.set = [](Experiment& e, const KeyValue& value) {
    Optimizer& optimizer = e.training.optimizer;
    optimizer = with_kind(optimizer, value_of<OptimizerKind>(std::get<std::string>(value)).value());
  };
  key.resets_group = true;
  return key;
}

}  // namespace

Optimizer with_kind(Optimizer optimizer, OptimizerKind kind) {
  const Optimizer before = defaults_of(optimizer.kind), after = defaults_of(kind);
  for (double Optimizer::*setting :
       {&Optimizer::momentum, &Optimizer::beta2, &Optimizer::eps, &Optimizer::weight_decay})
    if (optimizer.*setting == before.*setting) optimizer.*setting = after.*setting;
  optimizer.kind = kind;
  return optimizer;
}

std::vector<Key> training_keys() {
  std::vector<Key> keys{
      kind_key(),
      live(number(
          "optimizer.lr", 0, 1e6, [](auto& e) -> auto& { return e.training.optimizer.lr; })),
      live(when_changed(number(
          "optimizer.momentum", 0, 1,
          [](auto& e) -> auto& { return e.training.optimizer.momentum; }))),
      live(when_changed(number(
          "optimizer.dampening", 0, 1,
          [](auto& e) -> auto& { return e.training.optimizer.dampening; }))),
      live(when_changed(number(
          "optimizer.alpha", 0, 1, [](auto& e) -> auto& { return e.training.optimizer.alpha; }))),
      live(when_changed(number(
          "optimizer.beta1", 0, kLargestBeta,
          [](auto& e) -> auto& { return e.training.optimizer.beta1; }))),
      live(when_changed(number(
          "optimizer.beta2", 0, kLargestBeta,
          [](auto& e) -> auto& { return e.training.optimizer.beta2; }))),
      live(when_changed(number(
          "optimizer.eps", 0, 1, [](auto& e) -> auto& { return e.training.optimizer.eps; }))),
      live(when_changed(number(
          "optimizer.weight_decay", 0, 1e6,
          [](auto& e) -> auto& { return e.training.optimizer.weight_decay; }))),
      when_changed(choice(
          "schedule.kind", [](auto& e) -> auto& { return e.training.schedule.kind; })),
      when_changed(whole_number(
          "schedule.warmup", 0, 1e9, [](auto& e) -> auto& { return e.training.schedule.warmup; })),
      when_changed(whole_number(
          "schedule.period", 1, 1e9, [](auto& e) -> auto& { return e.training.schedule.period; })),
      when_changed(number(
          "schedule.factor", 0, 1, [](auto& e) -> auto& { return e.training.schedule.factor; })),
      when_changed(number(
          "schedule.final", 0, 1, [](auto& e) -> auto& { return e.training.schedule.final; })),
      live(when_changed(number(
          "regularization.l1", 0, 1e6, [](auto& e) -> auto& { return e.training.l1; }))),
      live(when_changed(number(
          "regularization.l2", 0, 1e6, [](auto& e) -> auto& { return e.training.l2; }))),
      live(when_changed(number(
          "clip.value", 0, 1e30, [](auto& e) -> auto& { return e.training.clip_value; }))),
      live(when_changed(number(
          "clip.norm", 0, 1e30, [](auto& e) -> auto& { return e.training.clip_norm; }))),
      when_changed(whole_number(
          "recompute", 0, 1e6, [](auto& e) -> auto& { return e.training.recompute; })),
      when_changed(whole_number(
          "accumulation", 1, 1e6, [](auto& e) -> auto& { return e.training.accumulation; })),
      live(when_changed(whole_number(
          "statistics", 0, 1e9, [](auto& e) -> auto& { return e.training.statistics; }))),
      live(when_changed(whole_number(
          "evaluate", 0, 1e9, [](auto& e) -> auto& { return e.training.evaluate; }))),
      when_changed(choice(
          "loss", [](auto& e) -> auto& { return e.training.loss; })),
      listed_behind("model.bias", when_changed(number(
                                      "model.dropout", 0, 0.95,
                                      [](auto& e) -> auto& { return e.training.dropout; }))),
      listed_behind("batch",
                    live(whole_number(
                        "steps", 1, 1e9, [](auto& e) -> auto& { return e.training.steps; }))),
  };
  for (Key& key : keys) key.of_training = true;
  return keys;
}

}  // namespace nanscope
