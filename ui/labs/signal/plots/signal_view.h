#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/probes/signal.h"
#include "ui/charts/axis.h"

namespace nanscope {

/// Words behind a name: ": gain 1", or nothing.
inline std::string as_tail(const std::string& words) { return words.empty() ? "" : ": " + words; }

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
  std::optional<Limits> held;  ///< what the y axis of the plot that is drawn is locked to
};

/// The view without passes whose magnitudes and special values are another tensor's: these come
/// when they have been counted anew.
inline SignalView of_one_tensor(SignalView view) {
  for (OtherPass* one : {&view.other, &view.before})
    if (*one && one->pass->histogram_tensor != view.pass->histogram_tensor) *one = {};
  return view;
}

}  // namespace nanscope
