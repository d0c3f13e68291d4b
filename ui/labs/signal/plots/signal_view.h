#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/probes/signal.h"

namespace nanscope {

/// A pass that plots draw beside their own.
struct OtherPass {
  std::shared_ptr<const SignalSnapshot> pass;
  std::string words;  ///< what of its settings differs: "gain 1"

  explicit operator bool() const { return pass != nullptr; }
};

/// What the Signal lab's plots are drawn of.
struct SignalView {
  SignalView(std::shared_ptr<const SignalSnapshot> its_pass = nullptr)
      : pass(std::move(its_pass)) {}

  std::shared_ptr<const SignalSnapshot> pass;
  std::string words;           ///< what of its settings differs from B's, where there is a B
  OtherPass other;             ///< B
  OtherPass before;            ///< the pass before a drag, a ghost
  std::vector<ViewZoom> held;  ///< the axes that are locked
};

}  // namespace nanscope
