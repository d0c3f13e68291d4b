#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/recipe/run_history.h"
#include "engine/recipe/training_request.h"
#include "harness.h"

// Runs in the window, and a person at them.
namespace nanscope {

/// A small net on the digits.
inline HarnessOptions small_run(int steps) {
  HarnessOptions options = showing(LabName::training, "steps", std::to_string(steps));
  Experiment& experiment = *options.shell.experiment;
  experiment.network.model.depth = 2;
  experiment.network.model.width = 16;
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::digits;
  return options;
}

/// A run with seconds to go, of which nobody waits for the end.
inline HarnessOptions long_run() {
  HarnessOptions options = small_run(100000);
  options.shell.experiment->training.optimizer.lr = 1e-4;
  return options;
}

inline std::shared_ptr<const RunSummary> latest(WindowHarness& window) {
  return window.session().view().results.latest<TrainingRequest>();
}

/// The same, whose files are saved in a folder.
inline HarnessOptions long_run_in(const std::string& folder) {
  HarnessOptions options = long_run();
  options.shell.settings.last_folder = folder;
  return options;
}

/// Until the run of what is on the screen has ended.
inline bool wait_for_run(WindowHarness& window, ImGuiTestContext& person) {
  person.Yield(2);
  return window.wait_until(person, [&] {
    const SlotView slot = window.session().view().slot(TrainingRequest::kSlot);
    return slot.up_to_date() && !slot.at_work();
  });
}

/// A person at a run.
class Hand {
 public:
  Hand(WindowHarness& window, ImGuiTestContext& person) : window_(window), person_(person) {}

  std::int64_t steps() const { return latest(window_) ? latest(window_)->steps : 0; }
  SlotState state() const { return window_.session().view().slot(TrainingRequest::kSlot).state; }
  bool waits() {
    return window_.wait_until(person_, [&] { return state() == SlotState::resting; });
  }
  bool passes(std::int64_t step) {
    return window_.wait_until(person_, [&] { return steps() > step; });
  }
  void press(ImGuiKeyChord keys) {
    person_.KeyPress(keys);
    person_.Yield(2);
  }
  /// Lets the run pass a step and pauses it.
  bool pauses_after(std::int64_t step) {
    if (!passes(step)) return false;
    press(ImGuiKey_Space);
    return waits();
  }
  void click(const char* button) {
    person_.ItemClick((std::string("//###controls/###") + button).c_str());
    person_.Yield(2);
  }

 private:
  WindowHarness& window_;
  ImGuiTestContext& person_;
};

}  // namespace nanscope
