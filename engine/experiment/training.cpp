#include "engine/experiment/training.h"

#include "engine/experiment/key_makers.h"

namespace nanscope {

std::vector<Key> training_keys() {
  std::vector<Key> keys{
      choice(
          "optimizer.kind", [](auto& e) -> auto& { return e.training.optimizer.kind; }),
      live(number(
          "optimizer.lr", 0, 1e6, [](auto& e) -> auto& { return e.training.optimizer.lr; })),
      listed_behind("batch",
                    whole_number(
                        "steps", 1, 1e9, [](auto& e) -> auto& { return e.training.steps; })),
  };
  for (Key& key : keys) key.without_effect = true;
  return keys;
}

}  // namespace nanscope
