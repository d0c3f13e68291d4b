#pragma once

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <new>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/session/session.h"

// An engine whose passes begin and end when a test says so.
namespace nanscope::testing {

/// What the test and the fake engine share. A request's seed names it.
class Script {
 public:
  /// The pass with this seed may end.
  void finish(std::uint64_t seed) {
    const std::scoped_lock lock(mutex_);
    finished_.insert(seed);
    changed_.notify_all();
  }
  /// Waits until a pass with this seed has begun.
  void await_begin(std::uint64_t seed) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [&] { return std::find(begun_.begin(), begun_.end(), seed) != begun_.end(); });
  }
  std::vector<std::uint64_t> begun() const {
    const std::scoped_lock lock(mutex_);
    return begun_;
  }

  void begin(std::uint64_t seed) {
    const std::scoped_lock lock(mutex_);
    begun_.push_back(seed);
    changed_.notify_all();
  }
  /// True once finish(seed) was called, false if the pass was cancelled first.
  bool await_finish(std::uint64_t seed, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, stop, [&] { return finished_.count(seed) > 0; });
  }

  // Where things happened.
  std::thread::id worker, destroyer;

 private:
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::uint64_t> begun_;
  std::set<std::uint64_t> finished_;
};

/// Seeds below 1000 wait for Script::finish; those above do what their name says at once.
constexpr std::uint64_t kSucceed = 1000, kFail = 1001, kOutOfMemory = 1002, kThrow = 1003,
                        kThrowNonsense = 1004;

class FakeEngine : public Engine {
 public:
  explicit FakeEngine(Script& script) : script_(script) {
    script_.worker = std::this_thread::get_id();
  }
  ~FakeEngine() override { script_.destroyer = std::this_thread::get_id(); }

  EngineInfo info() const override {
    EngineInfo info;
    info.libtorch_version = "fake";
    return info;
  }

  Result<SignalSnapshot> signal(const SignalRequest& request, std::stop_token stop,
                                const Progress& progress) override {
    const std::uint64_t seed = request.experiment.network.seed;
    progress("thinking", 0.5);
    script_.begin(seed);
    if (seed == kFail) return work_error("device", "cuda is not there.");
    if (seed == kOutOfMemory) throw std::bad_alloc();
    if (seed == kThrow) throw std::runtime_error("a shape is wrong");
    if (seed == kThrowNonsense) throw 42;
    if (seed < kSucceed && !script_.await_finish(seed, stop)) return work_error("", kCancelled);
    SignalSnapshot snapshot;
    snapshot.experiment = request.experiment;
    return snapshot;
  }

  Result<TensorChain> tensor(const TensorRequest& request, std::stop_token) override {
    TensorChain chain;
    chain.expression = request.expression;
    return chain;
  }

 private:
  Script& script_;
};

}  // namespace nanscope::testing
