#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>

#include "fake_engine.h"

// A session on a fake engine, and the test's thread that listens to it.
namespace nanscope {

using testing::AskingRequest;
using testing::FakeEngine;
using testing::LightRequest;
using testing::Script;
using testing::SlicedRequest;

inline SignalRequest request(std::uint64_t seed) {
  SignalRequest made;
  made.experiment.network.seed = seed;
  return made;
}

inline constexpr auto kPass = SignalRequest::kSlot;

inline SlotView pass(const SessionView& view) { return view.slot(kPass); }

/// Wakes the test's thread whenever the view changes, as glfwPostEmptyEvent wakes the window's.
class Bell {
 public:
  void ring() {
    const std::scoped_lock lock(mutex_);
    ++rings_;
    rung_.notify_all();
  }
  int rings() const {
    const std::scoped_lock lock(mutex_);
    return rings_;
  }
  /// Waits until the session's view is as wanted; looks after each ring.
  template <class Wanted>
  SessionView await(const Session& session, Wanted wanted) {
    for (;;) {
      int seen = rings();
      if (SessionView view = session.view(); wanted(view)) return view;
      std::unique_lock lock(mutex_);
      rung_.wait(lock, [&] { return rings_ != seen; });
    }
  }
  SessionView await_snapshot(const Session& session, std::uint64_t seed) {
    return await(session, [&](const SessionView& view) {
      const auto signal = view.results.latest<SignalRequest>();
      return signal && signal->experiment.network.seed == seed &&
             pass(view).state == SlotState::idle;
    });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable rung_;
  int rings_ = 0;
};

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() {
    session_ = std::make_unique<Session>(
        [this]() -> Result<std::unique_ptr<Engine>> {
          return std::make_unique<FakeEngine>(script_);
        },
        [this] { bell_.ring(); },
        [this] {
          return std::chrono::steady_clock::time_point(std::chrono::milliseconds(script_.now));
        });
  }

  /// The view once the request that fails has failed.
  SessionView view_after_failure(std::uint64_t seed) {
    session_->submit(request(seed));
    return bell_.await(*session_, [](const SessionView& view) {
      return pass(view).error && pass(view).state == SlotState::idle;
    });
  }

  Script script_;
  Bell bell_;
  std::unique_ptr<Session> session_;
};

}  // namespace nanscope
