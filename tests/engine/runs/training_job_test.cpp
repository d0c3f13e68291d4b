#include "engine/runs/training_job.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <functional>

#include "engine/experiment/json.h"
#include "engine/recipe/decision_surface.h"
#include "engine/recipe/run_history.h"
#include "engine/recipe/run_json.h"

// A run that a person lets go on, rest, and change on its way.
namespace nanscope {
namespace {

using ::testing::ElementsAre;

Experiment small_run(int steps) {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 2, .width = 12, .bias = true};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.data.kind = DataKind::spiral;
  experiment.data.batch = 16;
  experiment.training.steps = steps;
  experiment.training.schedule.kind = ScheduleKind::cosine;
  return experiment;
}

/// A run at hand: each call lets it go on until it rests.
class RunAtHand {
 public:
  explicit RunAtHand(const Experiment& experiment, std::int64_t until = RunWish::kNoEnd,
                     const std::vector<LiveChange>& changes = {})
      : wish_{.until = until,
              .training = before_step(experiment, changes, experiment.training.steps).training},
        control_(std::make_shared<RunControl>(wish_)),
        job_(
            make_training_job({.experiment = experiment, .changes = changes, .control = control_})),
        context_(
            {}, {}, std::chrono::hours(1), {},
            [this](const JobResult& result) { last_ = result.as<RunSummary>(); },
            [this] { ++wakes_; }) {}

  const RunSummary& go_on() {
    const c10::InferenceMode without_autograd;
    do {
      context_.begin_slice();
      const Result<JobResult> result = job_->advance(context_);
      EXPECT_TRUE(result && !*result);
      if (!result || *result) break;
    } while (!context_.rests());
    return *last_;
  }
  const RunSummary& wish(std::int64_t until,
                         const std::function<void(TrainingSpec&)>& change = {}) {
    wish_.until = until;
    if (change) change(wish_.training);
    control_->wish(wish_);
    return go_on();
  }
  RunWish wish_;
  int wakes() const { return wakes_; }

 private:
  std::shared_ptr<RunControl> control_;
  std::unique_ptr<Job> job_;
  JobContext context_;
  std::shared_ptr<const RunSummary> last_;
  int wakes_ = 0;
};

/// The same without anybody at hand.
RunSummary from_recipe(const RunSummary& run) {
  const c10::InferenceMode without_autograd;
  const auto job = make_training_job({.experiment = run.experiment, .changes = run.changes});
  JobContext context({}, {});
  return *run_job(*job, context)->as<RunSummary>();
}

void expect_same_bits(const RunSummary& run, const RunSummary& other) {
  EXPECT_EQ(run.steps, other.steps);
  EXPECT_EQ(run.history->loss, other.history->loss);
  EXPECT_EQ(run.history->lr, other.history->lr);
  EXPECT_EQ(run.history->grad_norm, other.history->grad_norm);
}

TEST(TrainingJob, TellsWhatItsPlotsAreDrawnOverAndOf) {
  Experiment experiment = small_run(12);
  experiment.training.statistics = 4;
  RunAtHand once(experiment);
  const RunSummary run = once.go_on();
  const RunHistory& history = *run.history;
  ASSERT_EQ(history.seconds.size(), 12u);
  EXPECT_GT(history.seconds.front(), 0);
  EXPECT_TRUE(std::ranges::is_sorted(history.seconds));
  EXPECT_LE(history.seconds.back(), run.seconds);
  const auto rows = static_cast<double>(read_data(experiment.data, Precision::fp32)->rows);
  EXPECT_EQ(run.batches_per_epoch, static_cast<std::int64_t>(rows * 0.8) / 16);
  EXPECT_THAT(history.layers.steps(), ElementsAre(0, 4, 8));
  EXPECT_THAT(history.layers.layers(), ::testing::Contains("linear 1"));
  for (std::size_t look = 0; look < 3; ++look) {
    const auto weighted = history.layers.layers().size() - 1;  // the head
    EXPECT_GT(history.layers.value(LayerQuantity::weight, look, weighted), 0);
    EXPECT_GT(history.layers.value(LayerQuantity::update, look, weighted), 0);
    EXPECT_GT(history.layers.value(LayerQuantity::activation, look, weighted), 0);  // its scores
  }
  std::int64_t held = 0;
  for (const auto& [role, bytes] : run.memory) held += bytes;
  EXPECT_EQ(run.fp32_memory, held);
  Experiment half = experiment;
  half.network.precision = Precision::bf16;
  RunAtHand saving(half);
  EXPECT_EQ(saving.go_on().fp32_memory, held);
  experiment.training.accumulation = 2;
  RunAtHand twice(experiment);
  EXPECT_EQ(twice.go_on().forward_flops, 2 * run.forward_flops);  // of a step, not of a batch
}

void expect_plane_of_samples(Norm norm) {
  Experiment experiment = small_run(300);
  experiment.network.model.norm = norm;
  experiment.network.model.width = 32;
  experiment.training.optimizer.lr = 0.01;
  experiment.training.evaluate = 300;
  RunAtHand run(experiment);
  const RunSummary summary = run.go_on();
  ASSERT_TRUE(summary.surface);
  const DecisionSurface& surface = *summary.surface;
  EXPECT_EQ(surface.steps, 300);
  ASSERT_EQ(surface.classes.size(), static_cast<std::size_t>(surface.side * surface.side));
  // Where the samples are it says of as many as the run does that they are right.
  const Table& samples = *surface.samples;
  const Table data = *read_data(experiment.data, Precision::fp32);
  EXPECT_EQ(samples.values, data.values);
  EXPECT_EQ(samples.targets, data.targets);
  double right = 0;
  for (std::size_t i = 0; i < samples.targets.size(); ++i) {
    const double x = samples.values[2 * i], y = samples.values[2 * i + 1];
    const std::size_t cell =
        surface.cell(static_cast<int>((x - surface.low_x) / surface.cell_width()),
                     static_cast<int>((y - surface.low_y) / surface.cell_height()));
    right += surface.classes[cell] == samples.targets[i];
    EXPECT_GT(surface.shares[cell], 1 / 3.0);
  }
  // Cells are not points: 300 of these, and few near an edge.
  EXPECT_NEAR(right / static_cast<double>(samples.targets.size()), *summary.held_out->accuracy,
              0.1);
  EXPECT_GT(right, 240);
  experiment.data.kind = DataKind::digits;
  EXPECT_FALSE(RunAtHand(experiment, 1).go_on().surface);
}

/// The lines of a run as `train` writes them.
class Lines final : public StepSink {
 public:
  bool take(const RunStep& step) override {
    text += step_to_json(step) + "\n";
    return true;
  }
  void take(const LiveChange& change) override { text += change_to_json(change) + "\n"; }
  std::string text;
};

TEST(TrainingJob, ARunThatIsSavedHasTheLinesThatTrainWrites) {
  const c10::InferenceMode without_autograd;
  for (const char* precision : {"fp32", "mixed_fp16"})
    for (const int networks : {1, 2}) {
      Experiment experiment = with_key(small_run(40), "precision", precision).value();
      experiment.network.networks = networks;
      experiment.training.statistics = 3;
      experiment.training.evaluate = 7;
      const std::vector<LiveChange> changes{{5, "optimizer.lr", "0.01"}, {20, "statistics", "2"}};
      const auto sink = std::make_shared<Lines>();
      JobContext context({}, {});
      const auto job =
          make_training_job({.experiment = experiment, .changes = changes, .sink = sink});
      RunSummary told = *run_job(*job, context)->as<RunSummary>();
      RunSummary kept = from_recipe(told);
      kept.seconds = told.seconds;
      EXPECT_EQ(run_to_lines(kept), header_to_json({.experiment = experiment, .changes = changes}) +
                                        "\n" + sink->text + summary_to_json(told) + "\n");
      EXPECT_THAT(sink->text, ::testing::HasSubstr("\"layers\":"));
      EXPECT_THAT(sink->text, ::testing::HasSubstr("\"condition_number\":"));
    }
}

TEST(TrainingJob, OfSeveralNetworksLooksAtThePlaneAndTheConditionsOfEach) {
  Experiment experiment = small_run(12);
  experiment.network.networks = 3;
  experiment.training.statistics = 4;
  const RunSummary all = RunAtHand(experiment).go_on();
  ASSERT_EQ(all.other_surfaces.size(), 2u);
  for (int k = 0; k < 3; ++k) {
    Experiment one = experiment;
    one.network.networks = 1;
    one.network.seed += static_cast<std::uint64_t>(k);
    const RunSummary alone = RunAtHand(one).go_on();
    ASSERT_TRUE(all.surface_of(k)) << k;
    EXPECT_EQ(all.surface_of(k)->classes, alone.surface->classes) << k;
    EXPECT_EQ(all.surface_of(k)->shares, alone.surface->shares) << k;
    EXPECT_EQ(all.surface_of(k)->steps, 12);
    EXPECT_EQ(all.history->of_network(&RunHistory::largest_condition, k).front(),
              alone.history->largest_condition.front());
    EXPECT_EQ(all.history->of_network(&RunHistory::median_condition, k).back(),
              alone.history->median_condition.back());
  }
}

TEST(TrainingJob, LooksAtThePlaneOfItsSamples) { expect_plane_of_samples(Norm::none); }

TEST(TrainingJob, LooksAtThePlaneWithItsRunningStatistics) {
  expect_plane_of_samples(Norm::batchnorm);
}

TEST(TrainingJob, RestsWhereItIsWishedAndGoesOnStepByStep) {
  RunAtHand run(small_run(60), 7);
  EXPECT_EQ(run.go_on().steps, 7);
  EXPECT_EQ(run.wish(8).steps, 8);
  EXPECT_EQ(run.wakes(), 1);
  EXPECT_EQ(run.wish(0).steps, 8);
  const RunSummary whole = run.wish(RunWish::kNoEnd);
  EXPECT_EQ(whole.steps, 60);
  EXPECT_TRUE(whole.held_out);
  EXPECT_TRUE(whole.changes.empty());
  expect_same_bits(whole, from_recipe(whole));
}

TEST(TrainingJob, WhatIsChangedOnItsWayIsPartOfARecipeThatRepeatsItToTheBit) {
  RunAtHand run(small_run(60), 20);
  run.go_on();
  // While it rests the last word counts.
  run.wish(20, [](TrainingSpec& training) { training.optimizer.lr = 0.5; });
  run.wish(30, [](TrainingSpec& training) { training.optimizer.lr = 0.1 / 3; });
  run.wish(31, [](TrainingSpec& training) {
    training.clip_norm = 0.125;
    training.optimizer.beta2 = 0.9;
  });
  const RunSummary once = run.wish(RunWish::kNoEnd);
  EXPECT_THAT(once.changes, ElementsAre(LiveChange{20, "optimizer.lr", "0.03333333333333333"},
                                        LiveChange{30, "optimizer.beta2", "0.9"},
                                        LiveChange{30, "clip.norm", "0.125"}));
  EXPECT_EQ(once.steps, 60);
  // At its end it can only be made longer.
  EXPECT_EQ(run.wish(RunWish::kNoEnd, [](TrainingSpec& t) { t.clip_norm = 9; }).changes.size(), 3u);
  const RunSummary longer =
      run.wish(RunWish::kNoEnd, [](TrainingSpec& training) { training.steps = 90; });
  EXPECT_EQ(longer.steps, 90);
  EXPECT_EQ(longer.goal, 90);
  expect_same_bits(longer, from_recipe(longer));

  // The same through a file.
  const auto read = run_from_lines(run_to_lines(longer));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->changes, longer.changes);
  EXPECT_EQ(read->goal, 90);
  expect_same_bits(*read, longer);
  expect_same_bits(from_recipe(*read), longer);
}

TEST(TrainingJob, LayersAreLookedAtFromTheStepOnAtWhichThatIsWishedAndNoBitChanges) {
  const RunSummary plain = from_recipe(RunSummary{.experiment = small_run(40)});
  RunAtHand run(small_run(40), 10);
  EXPECT_TRUE(run.go_on().history->layers.empty());
  run.wish(25, [](TrainingSpec& training) { training.statistics = 4; });
  const RunSummary whole =
      run.wish(RunWish::kNoEnd, [](TrainingSpec& training) { training.statistics = 10; });
  EXPECT_THAT(whole.changes,
              ElementsAre(LiveChange{10, "statistics", "4"}, LiveChange{25, "statistics", "10"}));
  EXPECT_THAT(whole.history->layers.steps(), ElementsAre(12, 16, 20, 24, 30));
  expect_same_bits(whole, plain);
  const RunSummary again = from_recipe(whole);
  expect_same_bits(again, whole);
  EXPECT_EQ(again.history->layers.steps(), whole.history->layers.steps());
}

TEST(TrainingJob, WhatIsHeldOutIsLookedAtFromTheStepOnAtWhichThatIsWished) {
  const RunSummary plain = from_recipe(RunSummary{.experiment = small_run(40)});
  RunAtHand run(small_run(40), 10);
  EXPECT_TRUE(run.go_on().history->looks.empty());
  const RunSummary whole =
      run.wish(RunWish::kNoEnd, [](TrainingSpec& training) { training.evaluate = 8; });
  EXPECT_THAT(whole.changes, ElementsAre(LiveChange{10, "evaluate", "8"}));
  EXPECT_THAT(whole.history->looks, ElementsAre(16, 24, 32, 40));
  expect_same_bits(whole, plain);
  EXPECT_EQ(from_recipe(whole).history->accuracy, whole.history->accuracy);
}

TEST(TrainingJob, WhatItBeganWithIsAWishBehindAChangeOfItsRecipe) {
  const Experiment experiment = small_run(12);
  const std::vector<LiveChange> changes{{3, "optimizer.lr", "0.05"}};
  RunAtHand run(experiment, 6, changes);
  EXPECT_EQ(run.go_on().changes, changes);
  const RunSummary& summary = run.wish(12, [&](TrainingSpec& training) {
    training.optimizer.lr = experiment.training.optimizer.lr;
  });
  const LiveChange back{6, "optimizer.lr", key_text(experiment, "optimizer.lr")};
  EXPECT_THAT(summary.changes, ElementsAre(changes.front(), back));
  expect_same_bits(summary, from_recipe(summary));
}

TEST(TrainingJob, EndsWhereItIsMadeShorter) {
  RunAtHand run(small_run(60), 20);
  run.go_on();
  const RunSummary shorter =
      run.wish(RunWish::kNoEnd, [](TrainingSpec& training) { training.steps = 10; });
  EXPECT_EQ(shorter.steps, 20);
  EXPECT_TRUE(shorter.is_over());
  expect_same_bits(shorter, from_recipe(shorter));
}

TEST(TrainingJob, AWishThatDoesNothingIsNoChange) {
  RunAtHand run(small_run(30), 7);
  run.go_on();
  const RunSummary whole = run.wish(RunWish::kNoEnd, [](TrainingSpec& training) {
    training.optimizer.alpha = 0.5;  // RMSProp's
    training.loss_scale.interval = 3;
  });
  EXPECT_EQ(whole.steps, 30);
  EXPECT_TRUE(whole.changes.empty());
  expect_same_bits(whole, from_recipe(whole));
}

TEST(TrainingJob, RestsWhereItStopsBeingFiniteAndGoesOnIfThatIsWished) {
  Experiment experiment = small_run(10);
  experiment.network.model = {.depth = 20, .width = 256};
  experiment.network.init.scheme = InitScheme::normal;
  experiment.data.kind = DataKind::teacher;
  RunAtHand run(experiment);
  const RunSummary dead = run.go_on();
  ASSERT_TRUE(dead.first_nonfinite);
  EXPECT_EQ(dead.steps, dead.first_nonfinite->step + 1);
  EXPECT_LT(dead.steps, 10);
  run.wish_.past_nonfinite = true;
  EXPECT_EQ(run.wish(RunWish::kNoEnd).steps, 10);
}

TEST(RunLines, AFileSaysWhichLineIsNone) {
  RunAtHand run(small_run(3));
  const std::string lines = run_to_lines(run.go_on());
  const std::size_t second = lines.find('\n') + 1;
  // A half last line says nothing; what others write beside is passed over.
  const auto half = run_from_lines(lines.substr(0, lines.find("\"step\":2") + 12));
  ASSERT_TRUE(half) << to_string(half.error());
  EXPECT_EQ(half->steps, 2);
  EXPECT_TRUE(run_from_lines(lines.substr(0, second) + "{\"note\":1}\n" + lines.substr(second)));
  const auto refused = [](const std::string& text) {
    const auto read = run_from_lines(text);
    EXPECT_FALSE(read);
    return read ? "" : to_string(read.error());
  };
  EXPECT_THAT(refused(lines.substr(0, second) + "{\"step\":0}\n"), ::testing::HasSubstr("line 2"));
  const auto second_step = [&](const std::string& rest) {
    return refused(lines.substr(0, second) +
                   R"({"step":3,"loss":1,"held_out_loss":1})"
                   "\n" +
                   rest + "\n");
  };
  EXPECT_THAT(second_step(R"({"step":3,"loss":1})"),
              ::testing::HasSubstr("line 3: step 3 stands behind step 3; steps ascend"));
  for (const char* step : {"-4", "4.5", "\"4\""})
    EXPECT_THAT(second_step(fmt::format(R"({{"step":{},"loss":1}})", step)),
                ::testing::HasSubstr("is no step"));
  EXPECT_THAT(second_step(R"({"step":4,"loss":1,"loss_scale":2,"skipped":false})"),
              ::testing::HasSubstr("step 4 has a value of loss_scale, otherwise than"));
  EXPECT_THAT(second_step(R"({"step":4,"loss":1,"held_out_loss":1,"accuracy":1})"),
              ::testing::HasSubstr("step 4 has a value of accuracy, otherwise than"));
  EXPECT_NE(refused("x,y\n1,2\n"), "");
  EXPECT_NE(refused(""), "");
  std::string other = lines;
  other.replace(other.find("\"changes\":[]"), 12,
                R"("changes":[{"before_step":1,"change":"model.depth","value":"3"}])");
  EXPECT_THAT(refused(other), ::testing::HasSubstr("model.depth"));
}

/// Wants a run to rest while it takes a step.
class RestsDuring final : public StepSink {
 public:
  RestsDuring(std::int64_t step, std::shared_ptr<RunControl> control)
      : step_(step), control_(std::move(control)) {}
  bool take(const RunStep& step) override {
    if (step.step == step_) control_->wish({.until = 0, .training = control_->wish().training});
    last = step.step;
    return true;
  }
  void take(const LiveChange&) override {}
  std::int64_t last = -1;

 private:
  std::int64_t step_;
  std::shared_ptr<RunControl> control_;
};

TEST(TrainingJob, APauseActsBeforeTheNextStep) {
  const c10::InferenceMode without_autograd;
  const Experiment experiment = small_run(1000);
  const auto control = std::make_shared<RunControl>(RunWish{.training = experiment.training});
  const auto sink = std::make_shared<RestsDuring>(137, control);
  const auto job = make_training_job({.experiment = experiment, .control = control, .sink = sink});
  // Others would have their turn once in an hour.
  JobContext context({}, {}, std::chrono::hours(1), {}, {}, [] {});
  while (!context.rests()) {
    context.begin_slice();
    const Result<JobResult> result = job->advance(context);
    ASSERT_TRUE(result && !*result);
  }
  EXPECT_EQ(sink->last, 137);
}

/// Looks at the heap at two steps of a run.
class HeapAt final : public StepSink {
 public:
  HeapAt(std::int64_t early, std::int64_t late) : early_(early), late_(late) {}
  bool take(const RunStep& step) override {
    if (step.step == early_) at_early = held();
    if (step.step == late_) at_late = held();
    return true;
  }
  void take(const LiveChange&) override {}
  std::int64_t at_early = 0, at_late = 0;  ///< bytes

 private:
  static std::int64_t held() {
    const auto heap = mallinfo2();
    return static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
  }
  std::int64_t early_, late_;
};

TEST(TrainingJob, AHundredThousandStepsHoldNoMoreMemoryThanAThousand) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = small_run(100'000);
  experiment.network.model = {.depth = 1, .width = 8};
  experiment.data.batch = 4;
  experiment.training.statistics = 1000;
  const auto heap = std::make_shared<HeapAt>(1000, 99'000);
  const auto job = make_training_job({.experiment = experiment, .sink = heap});
  JobContext context({}, {});
  const auto done = run_job(*job, context);
  ASSERT_TRUE(done) << to_string(done.error());
  // The rows' order of an epoch, which grows and shrinks.
  EXPECT_NEAR(static_cast<double>(heap->at_late), static_cast<double>(heap->at_early), 64e3);
}

}  // namespace
}  // namespace nanscope
