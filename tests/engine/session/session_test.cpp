#include "engine/session/session.h"

#include <gmock/gmock.h>

#include "session_fixture.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(SessionTest, RunsARequestOnItsOwnThread) {
  session_->submit(request(1));
  script_.await_begin(1);
  EXPECT_EQ(pass(session_->view()).state, SlotState::running);
  EXPECT_EQ(pass(session_->view()).progress.text(), "thinking");
  EXPECT_FALSE(session_->view().results.latest<SignalRequest>());
  script_.finish(1);
  const SessionView view = bell_.await_snapshot(*session_, 1);
  EXPECT_EQ(view.engine->libtorch_version, "fake");
  EXPECT_EQ(pass(view).progress, Message());
  EXPECT_FALSE(pass(view).error);
  EXPECT_NE(script_.worker, std::this_thread::get_id());
}

TEST_F(SessionTest, RunsOnlyTheNewestOfTheWaitingRequests) {
  session_->submit(request(1));
  script_.await_begin(1);
  for (const std::uint64_t seed : {2, 3, 4}) session_->submit(request(seed));
  script_.finish(1);
  script_.finish(4);
  bell_.await_snapshot(*session_, 4);
  EXPECT_THAT(script_.begun(), ElementsAre(1, 4));
}

TEST_F(SessionTest, KeepsTheLastSnapshotWhileTheNextIsUnderWay) {
  session_->submit(request(testing::kSucceed));
  bell_.await_snapshot(*session_, testing::kSucceed);
  session_->submit(request(1));
  script_.await_begin(1);
  ASSERT_TRUE(session_->view().results.latest<SignalRequest>());
  EXPECT_EQ(session_->view().results.latest<SignalRequest>()->experiment.network.seed,
            testing::kSucceed);
  script_.finish(1);
  bell_.await_snapshot(*session_, 1);
}

TEST_F(SessionTest, LetsAShortPassEndBeforeANewerRequest) {
  session_->submit(request(1));
  script_.await_begin(1);
  script_.now = 900;
  session_->submit(request(testing::kSucceed));
  session_->view();  // does not cancel either
  script_.finish(1);
  bell_.await_snapshot(*session_, testing::kSucceed);
  // The short pass was published: its snapshot was the view's until the newer one came.
  EXPECT_THAT(script_.begun(), ElementsAre(1, testing::kSucceed));
}

TEST_F(SessionTest, CancelsALongPassForANewerRequest) {
  session_->submit(request(1));  // never finished: only a cancellation ends it
  script_.await_begin(1);
  script_.now = 1001;
  session_->submit(request(testing::kSucceed));
  const SessionView view = bell_.await_snapshot(*session_, testing::kSucceed);
  EXPECT_FALSE(pass(view).error);
}

TEST_F(SessionTest, CancelsAPassThatBecomesLongWhileARequestWaits) {
  session_->submit(request(1));
  script_.await_begin(1);
  script_.now = 500;
  session_->submit(request(testing::kSucceed));
  script_.now = 1001;
  session_->view();  // the window draws its next frame
  bell_.await_snapshot(*session_, testing::kSucceed);
}

TEST_F(SessionTest, ALongPassGoesOnWhileNothingWaits) {
  session_->submit(request(1));
  script_.await_begin(1);
  script_.now = 60000;
  session_->view();
  script_.finish(1);
  EXPECT_FALSE(pass(bell_.await_snapshot(*session_, 1)).error);
}

TEST_F(SessionTest, CancelEndsThePassAndForgetsTheWaitingOne) {
  session_->submit(request(testing::kSucceed));
  bell_.await_snapshot(*session_, testing::kSucceed);
  session_->submit(request(1));
  script_.await_begin(1);
  session_->submit(request(2));
  session_->cancel(kPass);
  const SessionView view = bell_.await(
      *session_, [](const SessionView& now) { return pass(now).state == SlotState::idle; });
  EXPECT_FALSE(pass(view).error);  // a cancelled pass is no failure
  EXPECT_EQ(view.results.latest<SignalRequest>()->experiment.network.seed, testing::kSucceed);
  session_->submit(request(3));
  script_.finish(3);
  bell_.await_snapshot(*session_, 3);
  EXPECT_THAT(script_.begun(), ElementsAre(testing::kSucceed, 1, 3));
}

TEST_F(SessionTest, ForgetsWhatACancelledPassLeft) {
  session_->submit(request(1));
  script_.await_begin(1);
  session_->cancel(kPass);
  bell_.await(*session_, [](const SessionView& now) { return pass(now).state == SlotState::idle; });
  session_.reset();  // the worker has ended
  EXPECT_THAT(script_.forgotten(), ElementsAre(kPass));
}

TEST_F(SessionTest, KeepsWhatAPassLeftForTheNewerRequestThatCancelledIt) {
  session_->submit(request(1));
  script_.await_begin(1);
  script_.now = 1001;
  session_->submit(request(testing::kSucceed));
  bell_.await_snapshot(*session_, testing::kSucceed);
  session_.reset();
  EXPECT_TRUE(script_.forgotten().empty());
}

TEST_F(SessionTest, TurnsAnEngineErrorIntoTheViewsError) {
  const SessionView view = view_after_failure(testing::kFail);
  EXPECT_EQ(to_string(*pass(view).error), "device: cuda is not there.");
}

TEST_F(SessionTest, TurnsExceptionsIntoErrors) {
  EXPECT_THAT(pass(view_after_failure(testing::kThrow)).error->message(),
              HasSubstr("a shape is wrong"));
}

TEST_F(SessionTest, SurvivesWhatIsNotEvenAnException) {
  EXPECT_THAT(pass(view_after_failure(testing::kThrowNonsense)).error->where, "engine");
}

TEST_F(SessionTest, GoesOnAfterRunningOutOfMemory) {
  session_->submit(request(testing::kSucceed));
  bell_.await_snapshot(*session_, testing::kSucceed);
  const SessionView failed = view_after_failure(testing::kOutOfMemory);
  EXPECT_EQ(pass(failed).error->where, "memory");
  EXPECT_EQ(pass(failed).error->kind, Error::Kind::work);
  EXPECT_TRUE(failed.results.latest<SignalRequest>());  // the last good one stays
  session_->submit(request(2));
  script_.finish(2);
  EXPECT_FALSE(pass(bell_.await_snapshot(*session_, 2)).error);
}

TEST_F(SessionTest, EndsInTheMiddleOfAPassAndFreesTheEngineOnTheWorker) {
  session_->submit(request(1));
  script_.await_begin(1);
  session_.reset();  // returns only because the pass is cancelled
  EXPECT_EQ(script_.destroyer, script_.worker);
}

TEST_F(SessionTest, EndsWhileNothingHappens) { session_.reset(); }

TEST_F(SessionTest, IsBusyFromARequestToItsAnswer) {
  bell_.await(*session_, [](const SessionView& view) { return view.engine != nullptr; });
  EXPECT_FALSE(session_->busy());
  session_->submit(request(1));
  EXPECT_TRUE(session_->busy());
  script_.await_begin(1);
  EXPECT_TRUE(session_->busy());
  script_.finish(1);
  bell_.await_snapshot(*session_, 1);
  EXPECT_FALSE(session_->busy());
}

TEST_F(SessionTest, ManyRequestsFromASliderEndWithTheLast) {
  for (std::uint64_t seed = 2000; seed < 4000; ++seed) {
    session_->submit(request(seed));
    session_->view();
  }
  bell_.await_snapshot(*session_, 3999);
  EXPECT_EQ(script_.begun().back(), 3999u);
}

TEST(SessionLoading, KeepsARequestUntilTheEngineIsThere) {
  Script script;
  Bell bell;
  std::mutex gate;
  gate.lock();
  Session session(
      [&]() -> Result<std::unique_ptr<Engine>> {
        const std::scoped_lock wait(gate);
        return std::make_unique<FakeEngine>(script);
      },
      [&] { bell.ring(); });
  EXPECT_EQ(session.view().engine_state, EngineState::opening);
  EXPECT_FALSE(session.view().engine);
  session.submit(request(testing::kSucceed));
  gate.unlock();
  bell.await_snapshot(session, testing::kSucceed);
}

TEST(SessionLoading, IsBrokenWhenTheEngineCannotBeOpened) {
  for (const bool throws : {false, true}) {
    Bell bell;
    Session session(
        [&]() -> Result<std::unique_ptr<Engine>> {
          if (throws) throw std::runtime_error("no LibTorch");
          return work_error("engine", "no LibTorch");
        },
        [&] { bell.ring(); });
    const SessionView view = bell.await(
        session, [](const SessionView& now) { return now.engine_state == EngineState::broken; });
    ASSERT_TRUE(view.engine_error);
    EXPECT_EQ(view.engine_error->message(), "no LibTorch");
    session.submit(request(1));  // nobody runs it, and nobody waits
    session.cancel(kPass);
    EXPECT_EQ(session.view().engine_state, EngineState::broken);
    EXPECT_FALSE(session.view().working());
    session.submit(request(1));
    EXPECT_FALSE(session.busy());
  }
}

TEST(SessionLoading, NeedsNoBell) {
  Script script;
  Session session(
      [&]() -> Result<std::unique_ptr<Engine>> { return std::make_unique<FakeEngine>(script); });
  session.submit(request(testing::kSucceed));
  script.await_begin(testing::kSucceed);
}

TEST_F(SessionTest, ProgressRingsAtMostThirtyTimesASecond) {
  // The engine reports once a pass; time stands still, so that no report may ring by itself.
  session_->submit(request(testing::kSucceed));
  bell_.await_snapshot(*session_, testing::kSucceed);
  const int before = bell_.rings();
  session_->submit(request(testing::kSucceed + 5));
  bell_.await_snapshot(*session_, testing::kSucceed + 5);
  session_.reset();
  EXPECT_EQ(bell_.rings() - before, 1);  // its end
}

}  // namespace
}  // namespace nanscope
