#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <optional>
#include <utility>

// Functions that stop in their midst and go on where they stopped: how work that calls itself
// becomes slices.
namespace nanscope {

/// The place where the task that is under way stopped. One for all tasks that call one another.
class Pause {
 public:
  /// `co_await pause` stops where `wanted()` says so; nowhere without it.
  explicit Pause(std::function<bool()> wanted = {}) : wanted_(std::move(wanted)) {}
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

  bool await_ready() const { return !wanted_ || !wanted_(); }
  void await_suspend(std::coroutine_handle<> here) { here_ = here; }
  void await_resume() const {}

  /// Goes on from there to the next stop or to the end.
  void resume() { std::exchange(here_, nullptr).resume(); }
  /// Whether a task has stopped.
  explicit operator bool() const { return here_ != nullptr; }

 private:
  std::function<bool()> wanted_;
  std::coroutine_handle<> here_;
};

/// A function of this type is carried out when another one waits for it (`co_await f()`) or
/// when start() is called; with `co_await pause` it stops. Destroying a stopped one destroys what
/// stands in it, and the tasks that it waits for.
/// GCC 12 destroys some temporaries within a co_await twice (those of ?: and of arguments by
/// value): such a task is given a name first, `auto task = f(std::move(x)); co_await task;`.
template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  /// At its end the one who waits goes on.
  struct End {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle ended) const noexcept {
      return ended.promise().waiting;
    }
    void await_resume() const noexcept {}
  };

  struct promise_type {
    std::optional<T> value;
    std::exception_ptr exception;
    std::coroutine_handle<> waiting = std::noop_coroutine();

    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    End final_suspend() const noexcept { return {}; }
    template <class Value>
    void return_value(Value&& result) {
      value.emplace(std::forward<Value>(result));
    }
    void unhandled_exception() { exception = std::current_exception(); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  /// From its beginning to the first stop or to the end.
  void start() { handle_.resume(); }
  bool done() const { return handle_.done(); }
  /// Once it is done: what it returned; rethrows what it threw.
  T result() {
    promise_type& promise = handle_.promise();
    if (promise.exception) std::rethrow_exception(promise.exception);
    return std::move(*promise.value);
  }

  bool await_ready() const noexcept { return false; }
  /// Carried out here as a call would be, so that the stack is no deeper than the calls are; only
  /// if it stops, the one who waits does, too.
  bool await_suspend(std::coroutine_handle<> waiting) {
    handle_.resume();
    if (handle_.done()) return false;
    handle_.promise().waiting = waiting;
    return true;
  }
  T await_resume() { return result(); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}

  Handle handle_;
};

}  // namespace nanscope
