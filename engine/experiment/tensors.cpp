#include "engine/experiment/tensors.h"

#include "engine/experiment/key_makers.h"

namespace nanscope {

std::vector<Key> tensors_keys() {
  return {
      when_changed(any_text(
          "tensors.expression", [](auto& e) -> auto& { return e.tensors.expression; })),
      when_changed(choice(
          "tensors.view", [](auto& e) -> auto& { return e.tensors.view; })),
      when_changed(choice(
          "tensors.cells", [](auto& e) -> auto& { return e.tensors.cells; })),
  };
}

}  // namespace nanscope
