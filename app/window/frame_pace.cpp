#include "app/window/frame_pace.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace nanscope {
namespace {

using Seconds = std::chrono::duration<double>;

/// Popups and layouts settle over this many frames after an event.
constexpr int kFramesAfterEvent = 3;
/// Tooltips come up by the clock: for so long after an event frames follow slowly.
constexpr Seconds kSlowTime{0.7}, kSlowFrame{0.05};
/// Where the swap does not wait for the display (Xvfb), frames come no faster than this.
constexpr Seconds kShortestFrame{1.0 / 60};
/// The share of the time that frames which follow a pointer may take, and how slow they get at
/// most.
constexpr double kHoverShare = 0.2;
constexpr Seconds kSlowestHover{1.0 / 12};
/// Beside a pass: a dragged handle still follows the pointer.
constexpr Seconds kFrameBesidePass{1.0 / 30};

FramePaceHost::Clock::duration ticks(Seconds time) {
  return std::chrono::duration_cast<FramePaceHost::Clock::duration>(time);
}

}  // namespace

bool draws_on_processor(const std::string& renderer) {
  return renderer.find("llvmpipe") != std::string::npos ||
         renderer.find("softpipe") != std::string::npos;
}

FramePace::FramePace(FramePaceHost host) : host_(std::move(host)) {
  last_event_ = last_frame_ = host_.now();
  keep_awake();
}

void FramePace::keep_awake() { frames_left_ = kFramesAfterEvent; }

// Without a graphics card a frame takes all of the processor for about as long as a small network's
// pass, and the two side by side take longer than one after the other. What a control that was at
// rest asks for comes first; while it is dragged, and every frame asks, handle and plots take
// turns.
FrameOrder FramePace::order(bool asks) {
  const bool asked_before = std::exchange(asked_, asks || host_.pass_under_way());
  undrawn_ = host_.draws_on_processor && asks && !asked_before;
  if (undrawn_) return FrameOrder::submit;
  return host_.draws_on_processor ? FrameOrder::draw_and_submit : FrameOrder::submit_and_draw;
}

Seconds FramePace::hover_interval() const {
  return std::clamp(frame_ / kHoverShare, kShortestFrame, kSlowestHover);
}

void FramePace::wait(double needed) {
  frame_ = host_.now() - last_frame_;
  if (host_.pass_under_way()) await_pass();
  if (undrawn_) {
    // The next frame is not early.
  } else if (frames_left_ > 0) {
    --frames_left_;
    take_events_until(last_frame_ + ticks(kShortestFrame), [] { return false; });
    const auto follows = [&] { return host_.draws_on_processor && host_.only_pointer_moved(); };
    if (follows()) take_events_until(last_frame_ + ticks(hover_interval()), std::not_fn(follows));
  } else {
    const bool settling = host_.now() - last_event_ < kSlowTime;
    if (settling) needed = std::min(needed, kSlowFrame.count());
    // What came in the last moment of a wait looked like its end: draw it out before sleeping.
    if (!settling && std::exchange(unsettled_, false)) {
      keep_awake();
      needed = 0;
    }
    await_event(needed);
  }
  last_frame_ = host_.now();
}

void FramePace::await_pass() {
  take_events_until(last_frame_ + ticks(kFrameBesidePass),
                    [this] { return !host_.pass_under_way(); });
}

template <class Enough>
void FramePace::take_events_until(Time time, const Enough& enough) {
  while (true) {
    const double left = Seconds(time - host_.now()).count();
    if (left <= 0) return host_.wait_for_events(0);
    if (await_event(left) && enough()) return;
  }
}

bool FramePace::await_event(double timeout) {
  const Time begin = host_.now();
  host_.wait_for_events(std::max(timeout, 0.0));
  // Less than the whole time has gone by: something happened.
  const bool event = timeout > 0 && Seconds(host_.now() - begin).count() < timeout * 0.95;
  if (event) {
    last_event_ = host_.now();
    unsettled_ = true;
    keep_awake();
  }
  return event;
}

}  // namespace nanscope
