#include "app/window/frame_pace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace nanscope {
namespace {

using namespace std::chrono_literals;

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kLongestBesidePass = 1.0 / 30, kShortest = 1.0 / 60;
/// Times are sums of a few numbers of seconds.
constexpr double kRounding = 1e-6;

/// A window whose time passes only while it waits or draws. Events come when the test says so.
class FramePaceTest : public ::testing::Test {
 protected:
  FramePace pace(bool draws_on_processor) {
    return FramePace({.wait_for_events = [this](double seconds) { wait(seconds); },
                      .pass_under_way = [this] { return now_ >= begin_ && now_ < end_; },
                      .draws_on_processor = draws_on_processor,
                      .only_pointer_moved = [this] { return now_ < click_; },
                      .now = [this] { return time(now_); }});
  }

  static FramePaceHost::Clock::time_point time(double seconds) {
    return FramePaceHost::Clock::time_point(
        std::chrono::duration_cast<FramePaceHost::Clock::duration>(
            std::chrono::duration<double>(seconds)));
  }

  /// A pass from now on, whose end is an event.
  void submit(double seconds) {
    begin_ = now_;
    end_ = now_ + seconds;
    events_.push_back(end_);
  }

  /// Lets the frames after an event go by.
  void rest(FramePace& pace) {
    for (int i = 0; i < 100; ++i) {
      pace.order(false);
      pace.wait(0.1);
    }
  }

  void wait(double seconds) {
    ++looks_;
    const auto due = [this](double event) { return event <= now_ + kRounding; };
    double next = now_ + seconds;
    for (const double event : events_) next = std::min(next, std::max(event, now_));
    ASSERT_TRUE(std::isfinite(next)) << "it would wait for ever";
    now_ = next;
    std::erase_if(events_, due);
  }

  double now_ = 100;
  double begin_ = 0, end_ = 0;  ///< of the pass
  std::vector<double> events_;  ///< times at which they come
  double click_ = 0;            ///< until then they are moves of the pointer
  int looks_ = 0;               ///< calls of wait_for_events
};

TEST_F(FramePaceTest, FramesAfterAnEventComeAtTheDisplaysRateAndThenRest) {
  FramePace pace = this->pace(false);
  rest(pace);
  const double event = now_ + 5;
  events_ = {event};
  pace.wait(kNever);
  EXPECT_NEAR(now_, event, kRounding);
  for (int frame = 1; frame <= 3; ++frame) {
    pace.wait(kNever);
    EXPECT_NEAR(now_, event + frame * kShortest, 1e-3) << frame;
  }
  pace.wait(kNever);  // tooltips come up by the clock
  EXPECT_NEAR(now_, event + 3 * kShortest + 0.05, 1e-3);
}

TEST_F(FramePaceTest, NothingHappensWithoutAReason) {
  FramePace pace = this->pace(true);
  rest(pace);
  const double before = now_;
  pace.wait(7);
  EXPECT_NEAR(now_, before + 7, kRounding);
}

TEST_F(FramePaceTest, TheNextFrameComesAtThePassesEnd) {
  for (const bool draws_on_processor : {false, true}) {
    FramePace pace = this->pace(draws_on_processor);
    rest(pace);
    pace.order(true);
    submit(0.025);
    pace.wait(kNever);
    EXPECT_NEAR(now_, end_, kRounding) << draws_on_processor;
  }
}

TEST_F(FramePaceTest, ALongPassDoesNotHoldUpTheHandle) {
  FramePace pace = this->pace(true);
  rest(pace);
  pace.order(true);
  submit(10);
  const double begin = now_;
  for (int i = 1; i < 100; ++i) events_.push_back(begin + 0.001 * i);  // the pointer moves
  for (int frame = 1; frame <= 3; ++frame) {
    pace.wait(kNever);
    EXPECT_NEAR(now_, begin + frame * kLongestBesidePass, 1e-3) << frame;
    EXPECT_EQ(pace.order(true), FrameOrder::draw_and_submit);
  }
}

TEST_F(FramePaceTest, EventsAreTakenWhileAPassIsAwaited) {
  FramePace pace = this->pace(true);
  rest(pace);
  pace.order(true);
  submit(0.03);
  for (int i = 1; i < 20; ++i) events_.push_back(now_ + 0.001 * i);
  looks_ = 0;
  pace.wait(kNever);
  EXPECT_GE(looks_, 20);
  EXPECT_TRUE(events_.empty());
}

TEST_F(FramePaceTest, AnEventBesideALongPassIsDrawnAtOnceAfterARest) {
  FramePace pace = this->pace(true);
  rest(pace);
  pace.order(true);
  submit(1000);
  rest(pace);
  const double event = now_ + 0.5;
  events_ = {event, end_};
  pace.wait(kNever);
  EXPECT_NEAR(now_, event, kRounding);
}

TEST_F(FramePaceTest, APointerThatMovesTakesAFifthOfTheProcessorAndAClickIsDrawnAtOnce) {
  constexpr double kFrame = 0.012;
  for (const bool draws_on_processor : {false, true}) {
    FramePace pace = this->pace(draws_on_processor);
    rest(pace);
    const double begin = now_;
    click_ = begin + 1;
    for (int i = 1; i < 200; ++i) events_.push_back(begin + 0.008 * i);
    events_.push_back(click_);
    int frames = 0;
    while (true) {
      pace.wait(kNever);
      if (now_ >= click_) break;
      now_ += kFrame;
      ++frames;
    }
    if (draws_on_processor)
      EXPECT_NEAR(frames * kFrame, 0.2, 0.03);
    else
      EXPECT_NEAR(frames, 60, 5);
    // No later than the frame that was being drawn allows.
    EXPECT_LT(now_ - click_, kShortest + kRounding) << draws_on_processor;
    events_.clear();
  }
}

TEST_F(FramePaceTest, AGraphicsCardDrawsWhileTheEngineWorks) {
  FramePace pace = this->pace(false);
  for (const bool asks : {false, true, true, false})
    EXPECT_EQ(pace.order(asks), FrameOrder::submit_and_draw);
}

TEST_F(FramePaceTest, WithoutOneTheFirstPassComesBeforeTheFrameAndADragTakesTurns) {
  FramePace pace = this->pace(true);
  EXPECT_EQ(pace.order(false), FrameOrder::draw_and_submit);
  EXPECT_EQ(pace.order(true), FrameOrder::submit);
  EXPECT_EQ(pace.order(true), FrameOrder::draw_and_submit);
  EXPECT_EQ(pace.order(true), FrameOrder::draw_and_submit);
  EXPECT_EQ(pace.order(false), FrameOrder::draw_and_submit);
  EXPECT_EQ(pace.order(true), FrameOrder::submit);
  EXPECT_EQ(pace.order(false), FrameOrder::draw_and_submit);
}

TEST_F(FramePaceTest, AFrameIsNotLeftUndrawnBesideAPassUnderWay) {
  FramePace pace = this->pace(true);
  submit(10);
  pace.order(false);
  EXPECT_EQ(pace.order(true), FrameOrder::draw_and_submit);
}

TEST_F(FramePaceTest, TheFrameAfterAnUndrawnOneIsNotEarly) {
  FramePace pace = this->pace(true);
  rest(pace);
  ASSERT_EQ(pace.order(true), FrameOrder::submit);
  submit(0.004);
  pace.wait(kNever);
  EXPECT_NEAR(now_, end_, kRounding);
}

TEST(DrawsOnProcessor, KnowsMesasRenderers) {
  EXPECT_TRUE(draws_on_processor("llvmpipe (LLVM 15.0.6, 256 bits)"));
  EXPECT_TRUE(draws_on_processor("softpipe"));
  EXPECT_FALSE(draws_on_processor("Mesa Intel(R) Xe Graphics (TGL GT2)"));
  EXPECT_FALSE(draws_on_processor("NVIDIA H100/PCIe/SSE2"));
}

}  // namespace
}  // namespace nanscope
