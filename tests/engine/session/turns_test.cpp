#include <gmock/gmock.h>

#include <algorithm>

#include "session_fixture.h"

// Slots side by side: whose turn it is, and who disturbs whom.
namespace nanscope {
namespace {

using ::testing::ElementsAre;

class TurnsTest : public SessionTest {
 protected:
  /// Waits until the slot's newest request was answered.
  SessionView await_answer(const Session& session, std::string_view slot) {
    return bell_.await(session, [&](const SessionView& view) {
      return view.slot(slot).up_to_date() && view.slot(slot).state == SlotState::idle;
    });
  }
};

TEST_F(TurnsTest, AJobIsServedBetweenTheSlicesOfALongOne) {
  script_.hold_slices(true);
  session_->submit(SlicedRequest{"long", 3, 200});
  script_.await_slices(1);
  session_->submit(JobRequest(SlicedRequest{"short", 1, 5}, "other"));
  script_.hold_slices(false);
  const SessionView view = await_answer(*session_, "run");
  EXPECT_THAT(script_.slices(), ElementsAre("long", "short", "long", "long"));
  EXPECT_EQ(*view.results.latest<SlicedRequest>(), 3);
  EXPECT_EQ(*view.results.latest<SlicedRequest>("other"), 1);
  EXPECT_DOUBLE_EQ(view.slot("run").work_seconds, 0.6);  // without the other's
}

TEST_F(TurnsTest, WhatAJobHasSoFarIsSeenBeforeItsEndAndStaysWhereItIsCancelled) {
  script_.hold_slices(true);
  session_->submit(SlicedRequest{"run", 3, 10, true});
  script_.await_slices(1);
  EXPECT_FALSE(session_->view().results.latest<SlicedRequest>());
  script_.hold_slices(false);
  await_answer(*session_, "run");
  EXPECT_EQ(*session_->view().results.latest<SlicedRequest>(), 3);

  script_.hold_slices(true);
  session_->submit(SlicedRequest{"run", 1000000, 10, true});
  script_.await_slices(4);
  EXPECT_FALSE(session_->view().slot("run").up_to_date());
  script_.hold_slices(false);
  const SessionView going = bell_.await(
      *session_, [&](const SessionView& view) { return view.slot("run").up_to_date(); });
  EXPECT_EQ(going.slot("run").state, SlotState::running);
  EXPECT_GE(*going.results.latest<SlicedRequest>(), 1);
  session_->cancel("run");
  const SessionView over = bell_.await(*session_, [&](const SessionView& view) {
    return view.slot("run").state == SlotState::idle;
  });
  EXPECT_TRUE(over.slot("run").up_to_date());
  EXPECT_GE(*over.results.latest<SlicedRequest>(), *going.results.latest<SlicedRequest>());
}

TEST_F(TurnsTest, ShortJobsDoNotKeepALongOneWaitingForEver) {
  script_.hold_slices(true);
  session_->submit(SlicedRequest{"long", 3, 200});
  script_.await_slices(1);
  for (const char* name : {"a", "b", "c", "d"})
    session_->submit(JobRequest(SlicedRequest{name, 1, 60}, name));
  script_.hold_slices(false);
  await_answer(*session_, "run");
  EXPECT_THAT(script_.slices(), ElementsAre("long", "a", "b", "long", "c", "d", "long"));
}

TEST_F(TurnsTest, TwoLongJobsTakeTurns) {
  script_.hold_slices(true);
  session_->submit(JobRequest(SlicedRequest{"a", 3, 200}, "a"));
  script_.await_slices(1);
  session_->submit(JobRequest(SlicedRequest{"b", 3, 200}, "b"));
  script_.hold_slices(false);
  await_answer(*session_, "a");
  await_answer(*session_, "b");
  EXPECT_THAT(script_.slices(), ElementsAre("a", "b", "a", "b", "a", "b"));
}

TEST_F(TurnsTest, ANewerRequestReplacesAnOlderOneInItsSlotOnly) {
  session_->submit(request(1));  // ends only when it is told to
  script_.await_begin(1);
  script_.now = 5000;  // it is a long one by now
  session_->submit(SlicedRequest{"first", 1, 0});
  session_->submit(SlicedRequest{"second", 1, 0});
  session_->view();
  script_.finish(1);
  const SessionView view = await_answer(*session_, "run");
  EXPECT_EQ(view.results.latest<SignalRequest>()->experiment.network.seed, 1u);
  EXPECT_THAT(script_.slices(), ElementsAre("second"));
}

TEST_F(TurnsTest, ALongJobIsCancelledBetweenTwoSlicesByANewerOneOfItsSlot) {
  script_.hold_slices(true);
  session_->submit(SlicedRequest{"old", 1000, 600});
  script_.await_slices(1);
  session_->submit(SlicedRequest{"new", 1, 0});
  script_.hold_slices(false);
  await_answer(*session_, "run");
  const std::vector<std::string> slices = script_.slices();
  EXPECT_EQ(slices.back(), "new");
  EXPECT_LT(slices.size(), 5u);
}

TEST_F(TurnsTest, CancelEndsOneSlotsJobAndLeavesTheOthers) {
  script_.hold_slices(true);
  session_->submit(JobRequest(SlicedRequest{"a", 3, 200}, "a"));
  script_.await_slices(1);
  session_->submit(JobRequest(SlicedRequest{"b", 2, 200}, "b"));
  session_->cancel("a");
  EXPECT_TRUE(session_->view().slot("a").cancelled);
  script_.hold_slices(false);
  const SessionView view = await_answer(*session_, "b");
  EXPECT_THAT(script_.slices(), ElementsAre("a", "b", "b"));
  EXPECT_FALSE(view.slot("a").result);
  EXPECT_FALSE(view.slot("a").error);
  EXPECT_FALSE(view.slot("a").up_to_date());
  EXPECT_FALSE(view.slot("b").cancelled);
  EXPECT_FALSE(view.working());
  session_->submit(JobRequest(SlicedRequest{"a", 1, 0}, "a"));  // it can be asked again
  EXPECT_FALSE(await_answer(*session_, "a").slot("a").cancelled);
}

TEST_F(TurnsTest, ARequestThatIsUnderWayIsNotBegunAgain) {
  script_.hold_slices(true);
  session_->submit(SlicedRequest{"one", 2, 0});
  script_.await_slices(1);
  session_->submit(SlicedRequest{"other", 2, 0});
  session_->submit(SlicedRequest{"one", 2, 0});  // back to what it was
  script_.hold_slices(false);
  await_answer(*session_, "run");
  EXPECT_THAT(script_.slices(), ElementsAre("one", "one"));
}

TEST_F(TurnsTest, ALightJobRunsBesideOneOfTheEngine) {
  session_->submit(request(1));
  script_.await_begin(1);
  session_->submit(LightRequest{&script_, {"light", 2, 0}});
  const SessionView view = await_answer(*session_, "light");
  EXPECT_EQ(pass(view).state, SlotState::running);
  script_.finish(1);
  await_answer(*session_, kPass);
}

TEST_F(TurnsTest, AnErrorAndProgressBelongToTheirSlot) {
  view_after_failure(testing::kFail);
  script_.hold_slices(true);
  session_->submit(SlicedRequest{"a", 2, 100});
  script_.await_slices(1);
  script_.hold_slices(false);
  const SessionView view = await_answer(*session_, "run");
  EXPECT_FALSE(view.slot("run").error);
  EXPECT_TRUE(pass(view).error);
  EXPECT_EQ(pass(view).progress, Message());
}

TEST_F(TurnsTest, WhoWaitsForALongSliceIsToldForWhom) {
  script_.hold_slices(true);
  session_->submit(JobRequest(SlicedRequest{"a", 1, 0}, "a"));
  script_.await_slices(1);
  session_->submit(JobRequest(SlicedRequest{"b", 1, 0}, "b"));
  EXPECT_EQ(session_->view().slot("b").waits_for, "") << "as turns are";
  script_.now += 200;
  EXPECT_EQ(session_->view().slot("b").waits_for, "a");
  EXPECT_EQ(session_->view().slot("a").waits_for, "");
  script_.hold_slices(false);
  const SessionView view = await_answer(*session_, "b");
  EXPECT_EQ(view.slot("b").waits_for, "");
}

TEST_F(TurnsTest, WorkOfMinutesWaitsForThePersonsWord) {
  const AskingRequest minutes{100};
  session_->submit(minutes);
  const auto asks = [](const SessionView& view) { return view.slot("asking").asks.has_value(); };
  SessionView view = bell_.await(*session_, [&](const SessionView& now) {
    return asks(now) && now.slot("asking").state == SlotState::idle;
  });
  EXPECT_EQ(view.slot("asking").asks, 100);
  EXPECT_FALSE(view.slot("asking").cancelled);
  EXPECT_FALSE(view.slot("asking").error);
  EXPECT_FALSE(view.slot("asking").up_to_date());
  session_->submit(minutes, true);
  view = await_answer(*session_, "asking");
  EXPECT_FALSE(asks(view));
  session_->submit(AskingRequest{1});  // nobody has to be asked
  EXPECT_FALSE(asks(await_answer(*session_, "asking")));
  session_->submit(minutes);  // once more is another time
  bell_.await(*session_, asks);
}

TEST_F(TurnsTest, OnlyWhatMayEndAnyMomentMakesItBusy) {
  session_->submit(request(1));
  script_.await_begin(1);
  EXPECT_TRUE(session_->busy());
  script_.now = 1500;
  EXPECT_FALSE(session_->busy());
  EXPECT_TRUE(session_->view().working());
  session_->submit(JobRequest(request(2), "other"));  // waits for the first
  EXPECT_TRUE(session_->busy());
  script_.finish(1);
  script_.finish(2);
  await_answer(*session_, "other");
  EXPECT_FALSE(session_->busy());
}

TEST(LightJobs, RunBeforeTheEngineIsThereAndWhereItCannotBeOpened) {
  Script script;
  Bell bell;
  std::mutex gate;
  gate.lock();
  Session session(
      [&]() -> Result<std::unique_ptr<Engine>> {
        const std::scoped_lock wait(gate);
        return work_error("engine", "no LibTorch");
      },
      [&] { bell.ring(); });
  const auto answered = [](const SessionView& view) { return view.slot("light").up_to_date(); };
  session.submit(LightRequest{&script, {"early", 1, 0}});
  EXPECT_EQ(bell.await(session, answered).engine_state, EngineState::opening);
  session.submit(request(1));
  EXPECT_EQ(pass(session.view()).state, SlotState::waiting);
  EXPECT_FALSE(session.busy());
  gate.unlock();
  bell.await(session,
             [](const SessionView& view) { return view.engine_state == EngineState::broken; });
  session.submit(LightRequest{&script, {"late", 1, 0}});
  const SessionView view = bell.await(session, answered);
  EXPECT_EQ(pass(view).state, SlotState::idle);
  EXPECT_FALSE(pass(view).up_to_date());
  EXPECT_THAT(script.slices(), ElementsAre("early", "late"));
}

TEST(JobRequests, AreEqualWhereKindSlotAndContentAre) {
  const JobRequest one = SlicedRequest{"a", 1, 0};
  EXPECT_EQ(one, JobRequest(SlicedRequest{"a", 1, 0}));
  EXPECT_NE(one, JobRequest(SlicedRequest{"b", 1, 0}));
  EXPECT_NE(one, JobRequest(SlicedRequest{"a", 1, 0}, "elsewhere"));
  EXPECT_NE(one, JobRequest(request(1), "run"));
  EXPECT_EQ(one.as<SignalRequest>(), nullptr);
  EXPECT_EQ(one.as<SlicedRequest>()->name, "a");
}

TEST(JobRequests, AResultOfAnotherTypeIsNone) {
  JobResults results;
  results.set("run", JobResult::of(3));
  EXPECT_EQ(*results.latest<SlicedRequest>(), 3);
  EXPECT_EQ(results.latest<SlicedRequest>("elsewhere"), nullptr);
  EXPECT_EQ(results.latest<SignalRequest>("run"), nullptr);
}

TEST_F(TurnsTest, AJobThatRestsOwesNothingUntilItIsWoken) {
  const auto rests_after = [&](int slices) {
    const SessionView view = bell_.await(*session_, [&](const SessionView& one) {
      const auto so_far = one.results.latest<SlicedRequest>();
      return one.slot("run").state == SlotState::resting && so_far && *so_far == slices;
    });
    EXPECT_TRUE(view.slot("run").up_to_date());
    EXPECT_TRUE(view.slot("run").progress.empty());
    EXPECT_FALSE(view.working());
    EXPECT_FALSE(session_->busy());
  };
  const SlicedRequest asked{"run", 3, 10, true, true};
  session_->submit(asked);
  rests_after(1);
  // The same request is the same job, and others have the worker.
  session_->submit(asked);
  session_->submit(JobRequest(SlicedRequest{"other", 1, 10}, "other"));
  await_answer(*session_, "other");
  rests_after(1);
  script_.wake();
  rests_after(2);
  // A wake in the middle of a slice is kept: it has its last slice without another.
  script_.hold_slices(true);
  script_.wake();
  script_.await_slices(4);
  script_.hold_slices(false);
  await_answer(*session_, "run");
  EXPECT_EQ(*session_->view().results.latest<SlicedRequest>(), 3);
  EXPECT_THAT(script_.slices(), ElementsAre("run", "other", "run", "run"));
}

TEST_F(TurnsTest, AWakeWhileASliceGoesOnIsKept) {
  session_->submit(SlicedRequest{"run", 3, 10, true, true});
  bell_.await(*session_, [&](const SessionView& view) {
    return view.slot("run").state == SlotState::resting;
  });
  script_.hold_slices(true);
  script_.wake();
  script_.await_slices(2);
  script_.wake();  // before it decides to rest
  script_.hold_slices(false);
  await_answer(*session_, "run");
  EXPECT_EQ(*session_->view().results.latest<SlicedRequest>(), 3);
}

TEST_F(TurnsTest, AJobThatRestsGivesWayAtOnceAndCanBeCancelled) {
  const auto await_rest = [&](const std::string& name) {
    return bell_.await(*session_, [&](const SessionView& view) {
      const SlotView& slot = view.slot("run");
      return slot.state == SlotState::resting && slot.answered &&
             slot.answered->as<SlicedRequest>()->name == name;
    });
  };
  session_->submit(SlicedRequest{"one", 9, 10, true, true});
  await_rest("one");
  session_->submit(SlicedRequest{"two", 9, 10, true, true});
  await_rest("two");
  session_->cancel("run");
  const SessionView over = bell_.await(*session_, [&](const SessionView& view) {
    return view.slot("run").state == SlotState::idle;
  });
  EXPECT_TRUE(over.slot("run").cancelled);
  EXPECT_EQ(*over.results.latest<SlicedRequest>(), 1);
  EXPECT_THAT(script_.slices(), ElementsAre("one", "two"));
}

}  // namespace
}  // namespace nanscope
