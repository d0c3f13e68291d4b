#include "engine/experiment/loss_scale.h"

#include "engine/experiment/key_makers.h"

namespace nanscope {

std::vector<Key> loss_scale_keys() {
  std::vector<Key> keys{
      when_changed(choice(
          "loss_scale.kind", [](auto& e) -> auto& { return e.training.loss_scale.kind; })),
      // What fp32 has a reciprocal of.
      live(when_changed(number(
          "loss_scale.init", 1e-30, 1e30,
          [](auto& e) -> auto& { return e.training.loss_scale.init; }))),
      live(when_changed(whole_number(
          "loss_scale.interval", 1, 1e9,
          [](auto& e) -> auto& { return e.training.loss_scale.interval; })))};
  for (Key& key : keys) key.of_training = true;
  return keys;
}

}  // namespace nanscope
