#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"

extern "C" nanscope::Engine* nanscope_make_engine(std::string* reason);

namespace nanscope {

/// The engine that is linked; null if it cannot be made.
inline std::unique_ptr<Engine> make_engine() {
  std::string reason;
  return std::unique_ptr<Engine>(nanscope_make_engine(&reason));
}

}  // namespace nanscope
