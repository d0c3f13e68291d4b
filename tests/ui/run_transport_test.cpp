#include "ui/labs/training/run_transport.h"

#include <gtest/gtest.h>

#include <vector>

// Which run is asked for as settings change, without a session.
namespace nanscope {
namespace {

Experiment with_rate(double rate) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.training.optimizer.lr = rate;
  return experiment;
}

Experiment with_width(int width) {
  Experiment experiment = with_rate(3e-4);
  experiment.network.model.width = width;
  return experiment;
}

const std::vector<LiveChange> kChanges{{11, "optimizer.lr", "0.00104"}};

TEST(RunTransportTest, TheRunOfAFileBeginsAsItDidAndItsControlsSayWhatItHasCome) {
  RunTransport transport;
  const Experiment began = with_rate(3e-4), now = with_rate(0.00104);
  transport.repeat_changes(began, kChanges);
  const TrainingRequest first = transport.request(now);
  EXPECT_EQ(first.experiment, began);
  EXPECT_EQ(first.changes, kChanges);
  const auto wished = [&] { return first.control->wish().training.optimizer.lr; };
  // What the controls say by the file's own changes is no wish of a person.
  EXPECT_EQ(first.control->first().training, now.training);
  EXPECT_EQ(wished(), 0.00104);
  transport.play_or_pause();
  EXPECT_EQ(wished(), 0.00104);
  for (const double rate : {0.02, 3e-4, 0.00104}) {
    EXPECT_EQ(transport.request(with_rate(rate)), first);
    EXPECT_EQ(wished(), rate);
  }
  transport.rewind();
  EXPECT_EQ(transport.request(now).experiment, began);
  EXPECT_EQ(transport.request(now).changes, kChanges);
}

TEST(RunTransportTest, ARunOfAFileCanBeAskedForAsItBegan) {
  RunTransport transport;
  const Experiment began = with_rate(3e-4);
  transport.repeat_changes(began, kChanges);
  EXPECT_EQ(transport.request(began).changes, kChanges);
  EXPECT_EQ(transport.request(began).experiment, began);
}

TEST(RunTransportTest, TheChangesOfAFileEndWhereAnotherRunBegins) {
  RunTransport transport;
  const Experiment began = with_rate(3e-4), now = with_rate(0.00104);
  transport.repeat_changes(began, kChanges);
  transport.request(now);
  EXPECT_TRUE(transport.request(with_width(24)).changes.empty());
  // The same settings come about again.
  EXPECT_TRUE(transport.request(now).changes.empty());
  EXPECT_EQ(transport.request(now).experiment, now);
  EXPECT_TRUE(transport.request(with_width(24)).changes.empty());
  EXPECT_TRUE(transport.request(began).changes.empty());
}

TEST(RunTransportTest, WhatIsOpenedIsNoChangeOfTheRunThatGoesOn) {
  RunTransport transport;
  const TrainingRequest first = transport.request(with_rate(1e-3));
  transport.repeat_changes(with_rate(1e-2), {});
  const TrainingRequest second = transport.request(with_rate(1e-2));
  EXPECT_NE(second.control, first.control);
  EXPECT_EQ(second.experiment, with_rate(1e-2));
  // A control is.
  EXPECT_EQ(transport.request(with_rate(2e-2)), second);
}

TEST(RunTransportTest, ARunThatNobodyAskedForWaitsUntilItsControlsAreTouched) {
  RunTransport transport;
  const auto end = [&](const Experiment& asked) {
    return transport.request(asked).control->wish().until;
  };
  transport.wait_at_first();
  EXPECT_EQ(end(with_width(16)), 0);
  EXPECT_EQ(end(with_width(24)), 0);  // another lab's control
  transport.repeat_changes(with_width(32), {});
  EXPECT_EQ(end(with_width(32)), RunWish::kNoEnd);  // a demo
  EXPECT_EQ(end(with_width(24)), 0);                // that is taken back
  transport.touched();
  EXPECT_EQ(end(with_width(48)), RunWish::kNoEnd);
  EXPECT_EQ(end(with_width(24)), 0);
  transport.play_or_pause();
  EXPECT_EQ(end(with_width(24)), RunWish::kNoEnd);
  EXPECT_EQ(end(with_width(48)), RunWish::kNoEnd);
  EXPECT_EQ(end(with_width(24)), RunWish::kNoEnd);
}

/// What a window sees of a run of these settings that was asked for by one request, while another
/// one is wanted.
SessionView seen(const TrainingRequest& wanted, const TrainingRequest& answered, int steps) {
  RunSummary run;
  run.experiment = answered.experiment;
  run.goal = 60;
  run.steps = steps;
  SlotView slot;
  slot.name = TrainingRequest::kSlot;
  slot.state = SlotState::running;
  slot.wanted = wanted;
  slot.answered = answered;
  SessionView view;
  view.slots = {slot};
  view.results.set(TrainingRequest::kSlot, JobResult::of(run));
  return view;
}

TEST(RunTransportTest, WhatEndsWhileAnotherRunIsAskedForStaysWithItsEnd) {
  RunTransport transport;
  const TrainingRequest first = transport.request(with_width(16));
  transport.look(seen(first, first, 59));
  const TrainingRequest second = transport.request(with_width(24));
  const auto left = transport.take_left();
  ASSERT_TRUE(left);
  EXPECT_EQ(left->steps, 59);
  // What came with this frame, and after it; the second time with what is held out.
  for (const TrainingRequest& wanted : {first, second}) {
    transport.look(seen(wanted, first, 60));
    const auto more = transport.take_left();
    ASSERT_TRUE(more);
    EXPECT_EQ(more->steps, 60);
    EXPECT_EQ(more->experiment, first.experiment);
  }
  EXPECT_FALSE(transport.take_left());
  // The next run's own are no more of it, nor is anything after them.
  transport.look(seen(second, second, 1));
  EXPECT_FALSE(transport.take_left());
  transport.look(seen(first, first, 60));
  EXPECT_FALSE(transport.take_left());
}

}  // namespace
}  // namespace nanscope
