#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace nanscope {

/// Whether the OpenGL renderer of this name draws without a graphics card (Mesa's llvmpipe).
bool draws_on_processor(const std::string& renderer);

/// What the pace of a window's frames depends on.
struct FramePaceHost {
  using Clock = std::chrono::steady_clock;

  /// Takes the events that are there; if there are none, waits for one, so many seconds at most.
  std::function<void(double seconds)> wait_for_events;
  /// Whether a pass that was asked for is yet to end. Its end is an event.
  std::function<bool()> pass_under_way;
  /// Frames are drawn by the processor (no graphics card), all of it for several milliseconds.
  bool draws_on_processor = false;
  /// Whether all that has come since the last frame is that the pointer moved, with no button down.
  std::function<bool()> only_pointer_moved = [] { return false; };
  std::function<Clock::time_point()> now = &Clock::now;
};

/// What becomes of a frame.
enum class FrameOrder {
  submit_and_draw,  ///< the engine works while the graphics card draws
  draw_and_submit,  ///< one after the other: both need the processor
  /// The frame is left undrawn. The next one comes at the pass's end, or within a 30th of a second.
  submit,
};

/// Waits for the next reason to draw a frame, and decides how many frames it is worth.
///
/// Invariants:
/// 1. No two frames begin within a 60th of a second.
/// 2. While a pass is under way frames leave the processor to it: the next one begins at its end,
///    or for an event, but then not within a 30th of a second.
/// 3. Events are taken at least every 30th of a second.
/// 4. Where the processor draws, a pointer that moves over the window takes a fifth of it at most.
class FramePace {
 public:
  explicit FramePace(FramePaceHost host);

  /// After a frame. `needed` is when the content wants the next one by itself, in seconds from now.
  void wait(double needed);
  /// Frames follow one another for a moment, as after an event.
  void keep_awake();
  /// When a frame's content is complete, and `asks` for a pass or not: what to do with it.
  FrameOrder order(bool asks);

 private:
  using Time = FramePaceHost::Clock::time_point;

  /// Takes events until `time`, or until `enough` says so after one.
  template <class Enough>
  void take_events_until(Time time, const Enough& enough);
  void await_pass();
  /// Between two frames that follow a pointer.
  std::chrono::duration<double> hover_interval() const;
  /// Whether one came.
  bool await_event(double timeout);

  FramePaceHost host_;
  int frames_left_ = 0;
  bool asked_ = false;     ///< the last frame asked for a pass, or one was under way
  bool undrawn_ = false;   ///< the last frame was left so
  bool unsettled_ = true;  ///< since the last event
  Time last_event_, last_frame_;
  std::chrono::duration<double> frame_{0};  ///< that the last frame took
};

}  // namespace nanscope
