#include "engine/experiment/data.h"

#include "engine/experiment/key_makers.h"

namespace nanscope {

std::vector<Key> data_keys() {
  return {
      choice(
          "data.kind", [](auto& e) -> auto& { return e.data.kind; }),
      any_text(
          "data.path", [](auto& e) -> auto& { return e.data.path; }),
      whole_number(
          "batch", 1, 65536, [](auto& e) -> auto& { return e.data.batch; }),
  };
}

}  // namespace nanscope
