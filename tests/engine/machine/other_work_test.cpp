#include "engine/machine/other_work.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace nanscope {
namespace {

using std::chrono::milliseconds;

TEST(OtherWork, ReadsTheThreadsThatRunOutOfTheLoad) {
  EXPECT_EQ(runnable_threads("0.52 0.58 0.59 3/1234 56789"), 3);
  EXPECT_EQ(runnable_threads("12.00 11.20 9.01 17/197 8889"), 17);
  EXPECT_EQ(runnable_threads(""), 0);
  EXPECT_EQ(runnable_threads("0.52"), 0);
}

TEST(OtherWork, CountsWhatWorksAllTheTime) {
  int running = 2;
  OtherWork work([&] { return running; });
  EXPECT_EQ(work.threads(), 0);
  OtherWork::Clock::time_point now{};
  for (int i = 0; i < 4; ++i) work.look(now += milliseconds(20));
  EXPECT_EQ(work.threads(), 2);
}

TEST(OtherWork, LeavesOutWhatWakesForAMoment) {
  int looks = 0;
  OtherWork work([&] { return ++looks % 3 == 0 ? 5 : 0; });
  OtherWork::Clock::time_point now{};
  for (int i = 0; i < 12; ++i) work.look(now += milliseconds(20));
  EXPECT_EQ(work.threads(), 0);
}

TEST(OtherWork, ForgetsWhatWasLongAgo) {
  int running = 4;
  OtherWork work([&] { return running; });
  OtherWork::Clock::time_point now{};
  for (int i = 0; i < 20; ++i) work.look(now += milliseconds(20));
  running = 0;
  work.look(now += milliseconds(600));
  EXPECT_EQ(work.threads(), 0);
}

TEST(OtherWork, DoesNotLookAgainAtOnce) {
  int looks = 0;
  OtherWork work([&] { return ++looks; });
  const OtherWork::Clock::time_point now{};
  for (int i = 0; i < 100; ++i) work.look(now);
  EXPECT_EQ(looks, 1);
}

TEST(OtherWork, SeesAnotherProgram) {
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) asm volatile("");
  }
  ASSERT_GT(child, 0);
  int seen = 0;
  for (int i = 0; i < 50 && seen == 0; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
    seen = other_runnable_threads();
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_GE(seen, 1);
}

}  // namespace
}  // namespace nanscope
