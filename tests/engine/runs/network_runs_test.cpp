#include "engine/runs/network_runs.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <sstream>

#include "engine/experiment/json.h"
#include "engine/experiment/validate.h"
#include "engine/recipe/networks.h"
#include "engine/recipe/run_history.h"
#include "engine/recipe/run_json.h"
#include "engine/runs/training_job.h"
#include "engine/signal/thread_choice.h"
#include "make_run.h"

// Several networks side by side: each is the run that its seed alone gives.
namespace nanscope {
namespace {

constexpr int kNetworks = 3;

/// Settings of every kind, each place in the list others.
Experiment varied_run(OptimizerKind kind, std::size_t place) {
  constexpr std::array kNorms{Norm::none, Norm::batchnorm, Norm::layernorm, Norm::rmsnorm};
  constexpr std::array kData{DataKind::teacher, DataKind::moons,  DataKind::constant_norm,
                             DataKind::digits,  DataKind::normal, DataKind::spiral};
  constexpr std::array kSchedules{ScheduleKind::constant, ScheduleKind::warmup, ScheduleKind::step,
                                  ScheduleKind::linear, ScheduleKind::cosine};
  Experiment experiment;
  experiment.network.seed = 5 + place;
  experiment.network.model = {.depth = 2,
                              .width = 11,
                              .norm = kNorms[place % kNorms.size()],
                              .residual = place % 3 == 1,
                              .bias = kind != OptimizerKind::muon && place % 2 == 0};
  experiment.network.init = {.scheme = InitScheme::kaiming, .bias_std = 0.1};
  experiment.data.kind = kData[place % kData.size()];
  experiment.data.batch = 7;
  TrainingSpec& training = experiment.training;
  training.steps = 10;
  training.optimizer = with_kind({}, kind);
  training.schedule.kind = kSchedules[place % kSchedules.size()];
  training.schedule.period = 3;
  training.dropout = place % 2 == 0 ? 0.2 : 0;
  training.l1 = place % 5 == 1 ? 0.01 : 0;
  training.l2 = place % 5 == 2 ? 0.01 : 0;
  training.clip_norm = place % 3 == 0 ? 0.5 : 0;
  training.clip_value = place % 4 == 0 ? 0.1 : 0;
  training.accumulation = 1 + static_cast<int>(place % 2);
  training.recompute = place % 4 == 3 ? 2 : 0;
  training.evaluate = 3;
  return experiment;
}

/// How each step of the networks differs from that of the runs; "" for a step without a difference.
std::string difference(const RunStep& all, const std::vector<RunStep>& alone) {
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  for (std::size_t k = 0; k < alone.size(); ++k) {
    const RunStep& one = alone[k];
    const auto differs = [&](const char* what) {
      return fmt::format("{} of network {} in step {}", what, k, one.step);
    };
    if (!same(all.losses->each[k], one.loss)) return differs("loss");
    if (!same(all.grad_norms->each[k], one.grad_norm)) return differs("grad_norm");
    if (all.lr != one.lr) return differs("lr");
    if (one.loss_scale && all.loss_scales->each[k] != one.loss_scale) return differs("loss_scale");
    if (one.loss_scale && all.skips[k] != one.skipped) return differs("skipped");
    if (all.held_out.has_value() != one.held_out.has_value()) return differs("whether held out");
    if (!one.held_out) continue;
    if (!same(all.held_out->losses->each[k], one.held_out->loss)) return differs("held_out_loss");
    if (one.held_out->accuracy && all.held_out->accuracies->each[k] != one.held_out->accuracy)
      return differs("accuracy");
  }
  return "";
}

std::vector<std::unique_ptr<TrainingRun>> runs_alone(const Experiment& experiment) {
  std::vector<std::unique_ptr<TrainingRun>> runs;
  for (int k = 0; k < experiment.network.networks; ++k)
    runs.push_back(make_run(network_of(experiment, k)));
  return runs;
}

std::unique_ptr<NetworkRuns> networks_of(const Experiment& experiment) {
  auto runs = NetworkRuns::make(experiment);
  EXPECT_TRUE(runs) << (runs ? "" : to_string(runs.error()));
  return runs ? *std::move(runs) : nullptr;
}

/// On as many threads as a job takes: the library for matrices may sum in parts on several.
std::vector<RunStep> steps_of(const std::vector<std::unique_ptr<TrainingRun>>& runs) {
  const ThreadLimit one_thread(1);
  std::vector<RunStep> steps;
  for (const auto& run : runs) steps.push_back(run->step());
  return steps;
}

/// The networks go on from a checkpoint on the way.
void expect_bits_of_each_alone(Experiment experiment, int steps) {
  experiment.network.networks = kNetworks;
  const auto alone = runs_alone(experiment);
  auto side_by_side = networks_of(experiment);
  ASSERT_EQ(side_by_side->threads_of_one(), 1);
  for (int i = 0; i < steps; ++i) {
    if (i == steps / 2) {
      Checkpoint saved{.experiment = experiment};
      side_by_side->save(saved);
      side_by_side = networks_of(experiment);
      const auto restored = side_by_side->restore(saved);
      ASSERT_TRUE(restored) << to_string(restored.error());
    }
    ASSERT_EQ(difference(side_by_side->step(), steps_of(alone)), "") << to_json(experiment);
  }
}

class NetworkRunsOf : public ::testing::TestWithParam<OptimizerKind> {};

TEST_P(NetworkRunsOf, EachHasTheBitsOfItsRunAlone) {
  const c10::InferenceMode without_autograd;
  const auto kind = static_cast<std::size_t>(GetParam());
  std::size_t precision = 0;
  for (const auto& [value, name] : Names<Precision>::all) {
    Experiment experiment = varied_run(GetParam(), kind + 5 * precision++);
    experiment.network.precision = value;
    if (value == Precision::mixed_fp16)
      experiment.training.loss_scale = {.kind = LossScaleKind::dynamic, .init = 1e9, .interval = 2};
    expect_bits_of_each_alone(experiment, 10);
  }
}

INSTANTIATE_TEST_SUITE_P(Optimizers, NetworkRunsOf, ::testing::ValuesIn([] {
                           std::vector<OptimizerKind> kinds;
                           for (const auto& [kind, name] : Names<OptimizerKind>::all)
                             kinds.push_back(kind);
                           return kinds;
                         }()),
                         [](const auto& one) { return std::string(name_of(one.param)); });

TEST(NetworkRuns, SkipTheirOwnStepsAndHaveTheirOwnScales) {
  const c10::InferenceMode without_autograd;
  Experiment experiment;
  experiment.network.model = {.kind = ModelKind::deep_linear, .depth = 1, .width = 16};
  experiment.network.init.scheme = InitScheme::kaiming;
  experiment.network.precision = Precision::mixed_fp16;
  experiment.network.networks = 6;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = 8;
  experiment.training.optimizer = {.kind = OptimizerKind::adam, .lr = 0.01};
  experiment.training.loss_scale = {.kind = LossScaleKind::dynamic, .init = 1e6, .interval = 5};
  const auto alone = runs_alone(experiment);
  const auto side_by_side = networks_of(experiment);
  std::int64_t by_one = 0, by_some = 0;
  for (int i = 0; i < 60; ++i) {
    const RunStep all = side_by_side->step();
    ASSERT_EQ(difference(all, steps_of(alone)), "");
    const auto skips = std::ranges::count(all.skips, true);
    EXPECT_EQ(all.skipped, skips > 0);
    by_one += all.skipped;
    by_some += skips > 0 && skips < 6;
  }
  EXPECT_GT(by_some, 0);  // else they would have one scale for all
  EXPECT_EQ(side_by_side->steps_skipped(), by_one);
  for (int k = 0; k < 6; ++k)
    EXPECT_EQ(side_by_side->network(k).steps_skipped(),
              alone[static_cast<std::size_t>(k)]->steps_skipped());
}

TEST(NetworkRuns, StandInOnePlanWhoseTensorsHaveALeadingN) {
  Experiment experiment = varied_run(OptimizerKind::adam, 2);
  experiment.network.networks = kNetworks;
  const auto runs = networks_of(experiment);
  const PlanDescription& plan = runs->plan();
  EXPECT_EQ(plan.networks, kNetworks);
  EXPECT_EQ(plan.value(plan.input).shape, (std::vector<std::int64_t>{kNetworks, 7, 11}));
  EXPECT_EQ(plan.value(plan.parameters[0].value).shape,
            (std::vector<std::int64_t>{kNetworks, 11, 11}));
  EXPECT_EQ(plan.value(plan.output).shape, (std::vector<std::int64_t>{kNetworks}));
  std::size_t bytes = 0;
  for (const at::Tensor& part : runs->network(0).plan().buffers()) bytes += part.storage().nbytes();
  EXPECT_EQ(static_cast<std::int64_t>(bytes), plan.bytes());
  const auto weight = [&](int k) {
    return runs->network(k).plan().value(plan.parameters[0].value).data();
  };
  // One block, (N,out,in), whose parts begin at multiples of 64 bytes.
  EXPECT_EQ(weight(1).storage().data_ptr().get(), weight(0).storage().data_ptr().get());
  EXPECT_EQ(weight(1).data_ptr<float>() - weight(0).data_ptr<float>(), 128);
}

TEST(NetworkRuns, ACheckpointOfAnotherNumberOfThemIsRefused) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = varied_run(OptimizerKind::adam, 2);
  experiment.network.networks = kNetworks;
  const auto runs = networks_of(experiment);
  runs->step();
  Checkpoint saved{.experiment = experiment};
  runs->save(saved);
  const auto& weight = *std::ranges::find(saved.tensors, "W1", &SafetensorsBytes::name);
  EXPECT_EQ(weight.shape, (std::vector<std::uint64_t>{kNetworks, 11, 11}));
  experiment.network.networks = 2;
  EXPECT_THAT(to_string(networks_of(experiment)->restore(saved).error()),
              testing::HasSubstr("not of 2 networks"));
  EXPECT_FALSE(make_run(network_of(experiment, 0))->restore(saved));
}

TEST(NetworkRuns, ALiveChangeIsOneOfAll) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = varied_run(OptimizerKind::adam, 1);
  experiment.network.networks = kNetworks;
  const auto alone = runs_alone(experiment);
  const auto side_by_side = networks_of(experiment);
  const LiveChange change{.step = 1, .key = "optimizer.lr", .value = "0.05"};
  side_by_side->step();
  steps_of(alone);
  Experiment now = experiment;
  apply_change(change, now, *side_by_side);
  EXPECT_EQ(now.training.optimizer.lr, 0.05);
  for (const auto& run : alone) {
    Experiment own = experiment;
    apply_change(change, own, *run);
  }
  for (int i = 0; i < 3; ++i) ASSERT_EQ(difference(side_by_side->step(), steps_of(alone)), "");
}

/// Some of whose networks leave the finite numbers.
Experiment perilous_run() {
  Experiment experiment;
  experiment.lab = LabName::training;
  experiment.network.model = {.depth = 6, .width = 16};
  experiment.network.init = {.scheme = InitScheme::kaiming, .gain = 1.2};
  experiment.network.precision = Precision::fp16;
  experiment.network.networks = 8;
  experiment.data.kind = DataKind::teacher;
  experiment.data.batch = 8;
  experiment.training.optimizer = {.kind = OptimizerKind::sgd, .lr = 2e-3};
  experiment.training.steps = 40;
  return experiment;
}

RunSummary summary_of(const Experiment& experiment) {
  const c10::InferenceMode without_autograd;
  const auto job = make_training_job({.experiment = experiment});
  JobContext context({}, {});
  return *run_job(*job, context)->as<RunSummary>();
}

TEST(NetworkRuns, SayWhichOfThemStopBeingFiniteAndTellOfTheFirst) {
  const Experiment experiment = perilous_run();
  const RunSummary all = summary_of(experiment);
  std::vector<RunSummary> alone;
  for (int k = 0; k < 8; ++k) alone.push_back(summary_of(network_of(experiment, k)));
  ASSERT_EQ(all.networks.size(), 8u);
  ASSERT_THAT(all.lost_networks(), testing::AllOf(testing::Gt(0), testing::Lt(8)));
  EXPECT_FALSE(all.is_lost());
  std::int64_t first = experiment.training.steps;
  for (std::size_t k = 0; k < 8; ++k) {
    const auto& fate = all.networks[k].first_nonfinite;
    ASSERT_EQ(fate.has_value(), alone[k].first_nonfinite.has_value()) << k;
    if (!fate) continue;
    EXPECT_EQ(fate->step, alone[k].first_nonfinite->step);
    EXPECT_EQ(fate->what, alone[k].first_nonfinite->what);
    first = std::min(first, fate->step);
  }
  ASSERT_TRUE(all.first_nonfinite && all.autopsy);
  EXPECT_EQ(all.first_nonfinite->step, first);
  const auto place = static_cast<std::size_t>(all.first_nonfinite->network);
  EXPECT_EQ(all.autopsy->seed, experiment.network.seed + place);
  Autopsy told = *all.autopsy;
  told.seed.reset();
  EXPECT_EQ(told.result.name, alone[place].autopsy->result.name);
  EXPECT_EQ(told.equation, alone[place].autopsy->equation);
  EXPECT_EQ(told.step, alone[place].autopsy->step);

  const auto read = run_from_lines(run_to_lines(all));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->first_nonfinite->network, all.first_nonfinite->network);
  EXPECT_EQ(read->autopsy->seed, all.autopsy->seed);
  EXPECT_EQ(read->lost_networks(), all.lost_networks());
  const auto checkpoint =
      checkpoint_from_json(checkpoint_to_json({.experiment = experiment,
                                               .first_nonfinite = all.first_nonfinite,
                                               .networks = all.networks}));
  ASSERT_TRUE(checkpoint) << to_string(checkpoint.error());
  ASSERT_EQ(checkpoint->networks.size(), 8u);
  for (std::size_t k = 0; k < 8; ++k)
    EXPECT_EQ(checkpoint->networks[k].first_nonfinite.has_value(),
              all.networks[k].first_nonfinite.has_value());
}

TEST(NetworkRuns, TheHistoryIsTheirMedianAndTheBandOfThoseThatAreFinite) {
  const RunSummary all = summary_of(perilous_run());
  const RunHistory& history = *all.history;
  std::vector<RunSummary> alone;
  for (int k = 0; k < 8; ++k) alone.push_back(summary_of(network_of(perilous_run(), k)));
  ASSERT_EQ(history.losses.low.size(), 40u);
  for (std::size_t i = 0; i < 40; ++i) {
    std::vector<double> each, finite;
    for (const RunSummary& one : alone) each.push_back(one.history->loss[i]);
    std::ranges::copy_if(each, std::back_inserter(finite),
                         [](double x) { return std::isfinite(x); });
    const double median = median_of(each);
    EXPECT_TRUE(history.loss[i] == median || (std::isnan(median) && std::isnan(history.loss[i])));
    EXPECT_EQ(history.losses.low[i], *std::ranges::min_element(finite));
    EXPECT_EQ(history.losses.high[i], *std::ranges::max_element(finite));
  }
}

TEST(NetworkRuns, ARunFileOfThemIsReadAsItWasWritten) {
  Experiment experiment = varied_run(OptimizerKind::adam, 1);
  experiment.network.networks = kNetworks;
  const RunSummary run = summary_of(experiment);
  const auto read = run_from_lines(run_to_lines(run));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->experiment, run.experiment);
  EXPECT_EQ(read->networks, run.networks);
  EXPECT_EQ(read->history->losses.high, run.history->losses.high);
  EXPECT_EQ(read->history->grad_norms.low, run.history->grad_norms.low);
  EXPECT_EQ(read->history->held_out_losses.low, run.history->held_out_losses.low);
  EXPECT_EQ(read->history->accuracies.high, run.history->accuracies.high);
  EXPECT_EQ(read->held_out, run.held_out);
}

/// Each step of a run.
class KeptSteps final : public StepSink {
 public:
  bool take(const RunStep& step) override {
    lines.push_back(step_to_json(step));
    return true;
  }
  void take(const LiveChange&) override {}
  std::vector<std::string> lines;
};

TEST(NetworkRuns, ASavedRunHasTheLinesOfEachThatTheRunItselfTold) {
  const c10::InferenceMode without_autograd;
  for (const auto& [kind, place] : {std::pair{OptimizerKind::adam, 1}, {OptimizerKind::sgd, 3}}) {
    Experiment experiment = varied_run(kind, static_cast<std::size_t>(place));
    experiment.network.networks = kNetworks;
    experiment.network.precision = Precision::mixed_fp16;
    experiment.training.loss_scale = {.kind = LossScaleKind::dynamic, .init = 1e9};
    if (!validate(experiment).empty()) continue;
    const auto sink = std::make_shared<KeptSteps>();
    const auto job = make_training_job({.experiment = experiment, .sink = sink});
    JobContext context({}, {});
    ASSERT_TRUE(run_job(*job, context));
    std::istringstream saved(run_to_lines(summary_of(experiment)));
    std::string line;
    std::getline(saved, line);  // the header
    ASSERT_EQ(sink->lines.size(), 10u);
    for (const std::string& told : sink->lines) {
      ASSERT_TRUE(std::getline(saved, line));
      EXPECT_EQ(line, told);
      EXPECT_THAT(told, ::testing::HasSubstr("\"each\""));
    }
  }
}

TEST(NetworkRuns, TheFateOfEachSaysWhichPartOfItsStateItIs) {
  Experiment experiment = varied_run(OptimizerKind::adam, 1);
  experiment.network.networks = kNetworks;
  RunSummary run = summary_of(experiment);
  run.networks[1].first_nonfinite = {.step = 3,
                                     .what = NonfinitePart::state,
                                     .value = INFINITY,
                                     .network = 1,
                                     .role = ValueRole::optimizer_state,
                                     .tensor = "v1"};
  run.first_nonfinite = run.networks[1].first_nonfinite;
  const auto read = run_from_lines(run_to_lines(run));
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->networks, run.networks);
  EXPECT_EQ(read->first_nonfinite, run.first_nonfinite);
}

TEST(NetworkRuns, LayersAndGradientsOfEachAreThoseOfItsSeedAlone) {
  Experiment experiment = varied_run(OptimizerKind::adam, 0);
  experiment.network.networks = kNetworks;
  experiment.network.precision = Precision::mixed_fp16;
  experiment.training.statistics = 2;
  const RunSummary all = summary_of(experiment);
  for (int k = 0; k < kNetworks; ++k) {
    const RunSummary alone = summary_of(network_of(experiment, k));
    const LayerHistory &layers = all.history->layers_of(k), &wanted = alone.history->layers;
    ASSERT_EQ(layers.steps(), wanted.steps());
    ASSERT_EQ(layers.layers(), wanted.layers());
    for (std::size_t look = 0; look < layers.steps().size(); ++look)
      for (std::size_t layer = 0; layer < layers.layers().size(); ++layer)
        for (const auto& [quantity, name] : Names<LayerQuantity>::all)
          EXPECT_EQ(layers.value(quantity, look, layer), wanted.value(quantity, look, layer))
              << name << " of network " << k;
    const auto &looks = all.history->gradients_of(k).looks(),
               &wanted_looks = alone.history->gradients.looks();
    ASSERT_EQ(looks.size(), wanted_looks.size());
    for (std::size_t i = 0; i < looks.size(); ++i) EXPECT_EQ(*looks[i], *wanted_looks[i]);
    ASSERT_TRUE(all.gradients_of(k) && alone.gradients);
    EXPECT_EQ(*all.gradients_of(k), *alone.gradients);
  }
}

/// Lines of other programs, or such as somebody has edited.
TEST(NetworkRuns, ARunFileWhoseLinesDoNotFitTogetherIsReadAllTheSame) {
  Experiment experiment = varied_run(OptimizerKind::adam, 1);
  experiment.network.networks = kNetworks;
  const std::string header = header_to_json({experiment, {}, {}}) + "\n";
  const auto read = run_from_lines(header + R"({"step":0,"loss":2})" + "\n" +
                                   R"({"step":1,"loss":2,"networks":{"loss":{"low":1,"high":3}}})" +
                                   "\n" + R"({"step":2,"loss":2})" + "\n");
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_EQ(read->history->losses.low.size(), 3u);
  EXPECT_TRUE(std::isnan(read->history->losses.low[0]));
  EXPECT_EQ(read->history->losses.high[1], 3);
  EXPECT_TRUE(std::isnan(read->history->losses.high[2]));
  EXPECT_FALSE(
      run_from_lines(header + R"({"step":0,"loss":2,"networks":{"loss":{"low":1}}})" + "\n"));
  // A summary that names no first one, whatever else it says.
  RunSummary run = summary_of(experiment);
  run.networks[1].first_nonfinite = {.step = 3, .value = INFINITY};
  const auto edited = run_from_lines(run_to_lines(run));
  ASSERT_TRUE(edited) << to_string(edited.error());
  EXPECT_EQ(edited->lost_networks(), 0);
}

TEST(NetworkRuns, StepsHaveTheSameBitsOnOneThreadAndOnSeveral) {
  const c10::InferenceMode without_autograd;
  Experiment experiment = varied_run(OptimizerKind::adamw, 3);
  experiment.network.networks = kNetworks;
  const auto one = networks_of(experiment), other = networks_of(experiment);
  const int before = at::get_num_threads();
  for (int i = 0; i < 5; ++i) {
    at::set_num_threads(1);
    const RunStep alone = one->step();
    at::set_num_threads(4);
    ASSERT_EQ(other->step(), alone);
  }
  at::set_num_threads(before);
}

TEST(Networks, TheMedianCountsWhatIsNoNumberAsTheLargest) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN(), kInf = INFINITY;
  EXPECT_EQ(median_of({3, 1, 2}), 2);
  EXPECT_EQ(median_of({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(median_of({kNaN, 1, 2}), 2);
  EXPECT_EQ(median_of({kNaN, kInf, 2}), kInf);
  EXPECT_TRUE(std::isnan(median_of({kNaN, 1, kNaN})));
  EXPECT_EQ(median_of({1e308, 1.5e308}), 1.25e308);
  const OfNetworks all = of_networks({kNaN, 3, -kInf, 1});
  EXPECT_EQ(all.low, 1);
  EXPECT_EQ(all.high, 3);
  EXPECT_TRUE(std::isnan(of_networks({kNaN}).low));
}

}  // namespace
}  // namespace nanscope
