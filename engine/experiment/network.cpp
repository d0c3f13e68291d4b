#include "engine/experiment/network.h"

#include "engine/experiment/key_makers.h"

namespace nanscope {

std::vector<Key> network_keys() {
  return {
      choice(
          "model.kind", [](auto& e) -> auto& { return e.network.model.kind; }),
      whole_number(
          "model.depth", 1, 200, [](auto& e) -> auto& { return e.network.model.depth; }),
      whole_number(
          "model.width", 8, 4096, [](auto& e) -> auto& { return e.network.model.width; }),
      choice(
          "model.activation", [](auto& e) -> auto& { return e.network.model.activation; }),
      choice(
          "model.norm", [](auto& e) -> auto& { return e.network.model.norm; }),
      flag(
          "model.residual", [](auto& e) -> auto& { return e.network.model.residual; }),
      flag(
          "model.bias", [](auto& e) -> auto& { return e.network.model.bias; }),
      choice(
          "init.scheme", [](auto& e) -> auto& { return e.network.init.scheme; }),
      number(
          "init.gain", 1e-6, 1e6, [](auto& e) -> auto& { return e.network.init.gain; }),
      number(
          "init.cut", 0.1, 100, [](auto& e) -> auto& { return e.network.init.cut; }),
      choice(
          "init.cut_reading", [](auto& e) -> auto& { return e.network.init.cut_reading; }),
      number(
          "init.bias_std", 0, 1e3, [](auto& e) -> auto& { return e.network.init.bias_std; }),
      choice(
          "precision", [](auto& e) -> auto& { return e.network.precision; }),
      choice(
          "execution", [](auto& e) -> auto& { return e.network.execution; }),
      listed_behind("steps",
                    whole_number(
                        "networks", 1, 256, [](auto& e) -> auto& { return e.network.networks; })),
      listed_behind("networks",
                    whole_number(
                        "seed", 0, kLargestSeed, [](auto& e) -> auto& { return e.network.seed; })),
      listed_behind("seed", choice(
                                "device", [](auto& e) -> auto& { return e.network.device; })),
  };
}

}  // namespace nanscope
