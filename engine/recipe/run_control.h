#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "engine/base/result.h"
#include "engine/experiment/training.h"

namespace nanscope {

/// What a person wants of a run that goes on.
struct RunWish {
  static constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

  std::int64_t until = kNoEnd;  ///< the run rests once so many steps are done
  bool past_nonfinite = false;  ///< else it rests where it stops being finite
  TrainingSpec training = {};   ///< its live keys as they are from the next step on
  bool operator==(const RunWish&) const = default;
};

/// Where wishes reach a run, from another thread: each acts before the next step. Thread-safe.
class RunControl {
 public:
  explicit RunControl(RunWish first) : first_(std::move(first)), wish_(first_) {}

  /// What was wished before it began. Another value of a live key than here is a change of the run;
  /// of one that the run's own recipe changes here is what that comes to.
  const RunWish& first() const { return first_; }
  /// Wakes the run.
  void wish(const RunWish& next) {
    const std::scoped_lock lock(mutex_);
    if (next == wish_) return;
    wish_ = next;
    if (wake_) wake_();
  }
  RunWish wish() const {
    const std::scoped_lock lock(mutex_);
    return wish_;
  }
  /// A person wants the run's state in a file, as it is after the step that is under way. Wakes the
  /// run.
  void want_state(std::string path) {
    const std::scoped_lock lock(mutex_);
    state_path_ = std::move(path);
    if (wake_) wake_();
  }
  /// The file that it is wanted in, until the run has answered; "": nobody wants it.
  std::string state_wanted() const {
    const std::scoped_lock lock(mutex_);
    return state_path_;
  }
  /// For the run: the file was written, or why not.
  void answer_state(Result<std::string> written) {
    const std::scoped_lock lock(mutex_);
    state_path_.clear();
    state_answer_ = std::move(written);
  }
  /// What became of it, once.
  std::optional<Result<std::string>> take_state_answer() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(state_answer_, std::nullopt);
  }
  /// For the run: who hears of the next wish; nobody once it is over.
  void call(std::function<void()> wake) {
    const std::scoped_lock lock(mutex_);
    wake_ = std::move(wake);
  }

 private:
  const RunWish first_;
  mutable std::mutex mutex_;
  RunWish wish_;
  std::function<void()> wake_;
  std::string state_path_;
  std::optional<Result<std::string>> state_answer_;
};

}  // namespace nanscope
