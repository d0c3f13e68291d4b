#include "engine/experiment/training.h"

#include "engine/experiment/key_makers.h"

namespace nanscope {
namespace {

/// Below 1, as the bias corrections of Adam divide by 1 - beta^step.
constexpr double kLargestBeta = 0.999999999999;

}  // namespace

std::vector<Key> training_keys() {
  std::vector<Key> keys{
      choice(
          "optimizer.kind", [](auto& e) -> auto& { return e.training.optimizer.kind; }),
      live(number(
          "optimizer.lr", 0, 1e6, [](auto& e) -> auto& { return e.training.optimizer.lr; })),
      live(when_changed(number(
          "optimizer.momentum", 0, 1,
          [](auto& e) -> auto& { return e.training.optimizer.momentum; }))),
      live(when_changed(number(
          "optimizer.dampening", 0, 1,
          [](auto& e) -> auto& { return e.training.optimizer.dampening; }))),
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
          "schedule.every", 1, 1e9, [](auto& e) -> auto& { return e.training.schedule.every; })),
      when_changed(number(
          "schedule.factor", 0, 1, [](auto& e) -> auto& { return e.training.schedule.factor; })),
      when_changed(number(
          "schedule.end", 0, 1, [](auto& e) -> auto& { return e.training.schedule.end; })),
      live(when_changed(number(
          "clip.value", 0, 1e30, [](auto& e) -> auto& { return e.training.clip_value; }))),
      live(when_changed(number(
          "clip.norm", 0, 1e30, [](auto& e) -> auto& { return e.training.clip_norm; }))),
      when_changed(whole_number(
          "accumulate", 1, 1e6, [](auto& e) -> auto& { return e.training.accumulate; })),
      when_changed(whole_number(
          "evaluate", 0, 1e9, [](auto& e) -> auto& { return e.training.evaluate; })),
      when_changed(choice(
          "loss", [](auto& e) -> auto& { return e.training.loss; })),
      listed_behind("batch",
                    whole_number(
                        "steps", 1, 1e9, [](auto& e) -> auto& { return e.training.steps; })),
  };
  for (Key& key : keys) key.of_training = true;
  return keys;
}

}  // namespace nanscope
