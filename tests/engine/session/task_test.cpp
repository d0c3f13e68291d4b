#include "engine/job/task.h"

#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>
#include <vector>

// Functions that stop in their midst.
namespace nanscope {
namespace {

using ::testing::ElementsAre;

/// Notes the numbers from `depth` down to 1, each in a function of its own, and stops after each.
Task<int> count_down(int depth, std::vector<int>& noted, Pause& pause) {
  noted.push_back(depth);
  co_await pause;
  if (depth == 1) co_return 1;
  const int below = co_await count_down(depth - 1, noted, pause);
  co_return below + 1;
}

TEST(Tasks, StopInTheirMidstHoweverDeepAndGoOnThere) {
  std::vector<int> noted;
  Pause pause([] { return true; });
  Task<int> task = count_down(3, noted, pause);
  EXPECT_THAT(noted, ElementsAre()) << "nobody has started it";
  task.start();
  EXPECT_THAT(noted, ElementsAre(3));
  pause.resume();
  EXPECT_THAT(noted, ElementsAre(3, 2));
  pause.resume();
  EXPECT_THAT(noted, ElementsAre(3, 2, 1));
  EXPECT_FALSE(task.done());
  pause.resume();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.result(), 3);
}

TEST(Tasks, DoNotStopWhereNobodyWaits) {
  std::vector<int> noted;
  bool wanted = false;
  Pause pause([&] { return wanted; });
  Task<int> task = count_down(100, noted, pause);
  task.start();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.result(), 100);
}

TEST(Tasks, ThatAreDroppedInTheirMidstFreeWhatStandsInThem) {
  const auto held = std::make_shared<int>(1);
  const auto holds = [](std::shared_ptr<int> mine, Pause& pause) -> Task<int> {
    co_await pause;
    co_return *mine;
  };
  const auto waits = [&](Pause& pause) -> Task<int> { co_return co_await holds(held, pause); };
  Pause pause([] { return true; });
  {
    Task<int> task = waits(pause);
    task.start();
    EXPECT_GT(held.use_count(), 1);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Tasks, HandOnWhatTheyThrow) {
  const auto throws = [](Pause& pause) -> Task<int> {
    co_await pause;
    throw std::runtime_error("no");
  };
  const auto waits = [&](Pause& pause) -> Task<int> { co_return co_await throws(pause); };
  Pause pause([] { return true; });
  Task<int> task = waits(pause);
  task.start();
  pause.resume();
  ASSERT_TRUE(task.done());
  EXPECT_THROW(task.result(), std::runtime_error);
}

}  // namespace
}  // namespace nanscope
