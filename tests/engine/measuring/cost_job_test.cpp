// What a run costs, predicted by its plan and measured while it steps.
#include <algorithm>

#include "engine/experiment/json.h"
#include "engine/runs/training_run.h"
#include "tests/engine/measuring/measure.h"
#include "tests/engine/network/counting_allocator.h"
#include "tests/engine/random_runs.h"

namespace nanscope {
namespace {

std::int64_t part(const std::vector<ResidualPart>& parts, std::string_view name) {
  const auto found = std::ranges::find(parts, name, &ResidualPart::name);
  return found == parts.end() ? 0 : found->bytes;
}
std::int64_t part(const MeasuredCosts& costs, std::string_view name) {
  return part(costs.residual, name);
}

/// What is held from step to step.
std::vector<ResidualPart> without_temporaries(std::vector<ResidualPart> parts) {
  std::erase_if(parts, [](const ResidualPart& one) {
    return one.name == "temporaries" || one.name == "workspace";
  });
  return parts;
}

/// Whether products go through oneDNN.
bool multiplies_16_bits(const MeasuredCosts& costs) {
  return costs.computed_in == "bf16" || costs.computed_in == "fp16" ||
         costs.experiment.training.optimizer.kind == OptimizerKind::muon;
}

/// Where most was held.
std::string row_name(const MeasuredCosts& costs) {
  const TimelineRow& row = costs.timeline.rows[costs.peak_row()];
  return std::string(name_of(row.part)) + " of " + row.kind;
}

TEST(MeasuredCosts, AreWhatThePlanPredictsToTheByteForRandomRuns) {
  std::mt19937 generator(3);
  for (int i = 0; i < 200; ++i) {
    Experiment experiment = random_run(generator);
    // Every third is of several networks, whose parts of a buffer begin at multiples of 64 bytes.
    if (i % 3 == 2) experiment.network.networks = 2 + i % 2;
    const MeasuredCosts costs = measured(experiment);
    const std::string words = to_json(experiment);
    ASSERT_EQ(costs.memory, costs.predicted.memory) << words;
    ASSERT_EQ(costs.layers.size(), costs.predicted.layers.size());
    for (std::size_t k = 0; k < costs.layers.size(); ++k)
      ASSERT_EQ(costs.layers[k], costs.predicted.layers[k].memory) << words;
    ASSERT_EQ(costs.shared, costs.predicted.shared) << words;
    // Nothing is held that has no name, and all names add up to the peak.
    EXPECT_EQ(part(costs, "unnamed"), 0) << words;
    std::int64_t named = 0;
    for (const ResidualPart& one : costs.residual) named += one.bytes;
    EXPECT_EQ(costs.memory.total() + named, costs.peak);
    // All of it is predicted: to the byte what is held, and to a hundredth the peak, with what
    // LibTorch's kernels take for a moment; but for the workspace of products of 16 bits, which is
    // oneDNN's to choose. An epoch that begins while it is looked at makes a new order of rows.
    constexpr double kOrder = 2048;
    ASSERT_EQ(without_temporaries(costs.residual), without_temporaries(costs.beside)) << words;
    const auto peak = static_cast<double>(costs.peak);
    const auto predicted = static_cast<double>(costs.predicted_peak());
    const bool is_skipped = costs.rows.back().seconds == 0;  // its gradients were not finite
    if (multiplies_16_bits(costs)) {
      EXPECT_LE(predicted, 1.01 * peak) << words;
    } else if (!is_skipped) {
      EXPECT_NEAR(predicted, peak, 0.01 * peak + kOrder) << words << " in " << row_name(costs);
    }
    // The engine holds the same at every operation: what the timeline says, and what has a name.
    const std::int64_t held =
        costs.timeline.held + named - part(costs, "temporaries") - part(costs, "workspace");
    ASSERT_EQ(costs.rows.size(), costs.timeline.rows.size());
    for (std::size_t k = 1; k < costs.rows.size(); ++k) {
      ASSERT_EQ(costs.rows[k].before, held) << k << words;
      ASSERT_EQ(costs.rows[k].after, held) << k << words;
      ASSERT_GE(costs.rows[k].peak, held) << k << words;
      ASSERT_LE(costs.rows[k].peak, costs.peak) << k << words;
    }
  }
}

// Another counter than the one that measures: it takes the place of LibTorch's allocator.
TEST(MeasuredCosts, HoldWhatAnotherCounterCounts) {
  Experiment experiment;
  experiment = *with_key(experiment, "data.kind", "teacher");
  experiment = *with_key(experiment, "model.depth", "3");
  experiment = *with_key(experiment, "model.width", "24");
  const MeasuredCosts costs = measured(experiment);
  CountingAllocator allocator;
  const auto run = TrainingRun::make(experiment);
  ASSERT_TRUE(run);
  EXPECT_EQ(allocator.held(), costs.rows.back().before);
}

TEST(MeasuredCosts, NameWhatAStepTakesForAMomentAndWhere) {
  const auto with = [](const char* optimizer) {
    Experiment experiment;
    for (const auto& [key, value] :
         std::initializer_list<std::pair<const char*, const char*>>{{"data.kind", "teacher"},
                                                                    {"model.depth", "2"},
                                                                    {"model.width", "64"},
                                                                    {"optimizer.kind", optimizer}})
      experiment = *with_key(experiment, key, value);
    return measured(experiment);
  };
  // A fused kernel needs nothing but a few numbers.
  const MeasuredCosts sgd = with("sgd");
  EXPECT_LT(part(sgd, "temporaries"), 64);
  EXPECT_GT(sgd.resident, sgd.peak);
  // lion makes the direction of one parameter after the other: the largest is W (64,64) in fp32.
  const MeasuredCosts lion = with("lion");
  EXPECT_EQ(lion.timeline.rows[lion.peak_row()].part, StepPart::optimizer);
  EXPECT_GE(part(lion, "temporaries"), 4 * 64 * 64);
  EXPECT_LT(part(lion, "temporaries"), 4 * 64 * 64 + 64);
}

TEST(MeasuredCosts, PredictWhatEveryOptimizerTakesForAMoment) {
  for (const auto& [kind, name] : Names<OptimizerKind>::all)
    for (const char* decay : {"0", "0.01"}) {
      Experiment experiment;
      for (const auto& [key, value] :
           std::initializer_list<std::pair<const char*, std::string_view>>{
               {"data.kind", "teacher"},
               {"model.depth", "2"},
               {"model.width", "64"},
               {"batch", "4"},
               {"optimizer.kind", name},
               {"optimizer.weight_decay", decay}})
        experiment = *with_key(experiment, key, value);
      const MeasuredCosts costs = measured(experiment);
      EXPECT_EQ(part(costs.beside, "temporaries"), part(costs, "temporaries"))
          << name << " with decay " << decay;
      // Beside them there are a few numbers.
      if (kind != OptimizerKind::muon) {
        EXPECT_LT(part(costs, "workspace"), 64) << name << " with decay " << decay;
      }
    }
}

TEST(MeasuredCosts, OfSeveralNetworksRoundTheirPartsUpToTheAlignment) {
  Experiment experiment;
  for (const auto& [key, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"data.kind", "teacher"},
                                                                  {"model.depth", "3"},
                                                                  {"model.width", "10"},
                                                                  {"networks", "4"}})
    experiment = *with_key(experiment, key, value);
  const MeasuredCosts several = measured(experiment);
  EXPECT_EQ(part(several, "unnamed"), 0);
  EXPECT_EQ(several.memory, several.predicted.memory);
  const MeasuredCosts one = measured(*with_key(experiment, "networks", "1"));
  const std::int64_t rounded = several.memory.total() - 4 * one.memory.total();
  EXPECT_GT(rounded, 0);
  EXPECT_LT(rounded, 4 * 64 * 40) << "more than 64 bytes for each network's part of a buffer";
}

TEST(MeasuredCosts, OfSeveralNetworksPredictWhatEachHoldsBesideItsPlan) {
  Experiment experiment;
  for (const auto& [key, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"data.kind", "moons"}, {"model.depth", "2"}, {"model.width", "16"}, {"networks", "3"}})
    experiment = *with_key(experiment, key, value);
  const MeasuredCosts costs = measured(experiment);
  EXPECT_EQ(without_temporaries(costs.residual), without_temporaries(costs.beside));
  EXPECT_GT(part(costs, "held_out"), 0);
  EXPECT_GT(part(costs, "decision_surface"), 0);
}

TEST(MeasuredCosts, TimeEveryOperationAndThePartsOfAStep) {
  Experiment experiment;
  for (const auto& [key, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"data.kind", "teacher"},
                                                                  {"model.depth", "6"},
                                                                  {"model.width", "128"},
                                                                  {"accumulation", "2"},
                                                                  {"recompute", "3"},
                                                                  {"clip.norm", "1"}})
    experiment = *with_key(experiment, key, value);
  const MeasuredCosts costs = measured(experiment);
  ASSERT_EQ(costs.rows.size(), costs.timeline.rows.size());
  for (std::size_t i = 0; i < costs.rows.size(); ++i) EXPECT_GT(costs.rows[i].seconds, 0) << i;
  EXPECT_GT(costs.seconds_per_step, 0);
  EXPECT_GT(costs.flop_per_second(), 0);
  EXPECT_GT(roofline_dots(costs).size(), 12u);
}

TEST(MeasuredCosts, CanBeCancelled) {
  std::stop_source source;
  source.request_stop();
  JobContext context(source.get_token(), {});
  const auto job = make_cost_job({Experiment()}, this_machine());
  const auto result = job->advance(context);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, Error::Kind::cancelled);
}

TEST(MeasuredCosts, SayWhichPeakAShareAboveOneIsOf) {
  MeasuredCosts costs;
  costs.predicted.forward = 2e9;
  costs.predicted.backward = 4e9;
  costs.predicted.recomputed = 1e9;
  costs.seconds_per_step = 0.1;
  const UsedPeak peak{.flop_per_second = 50e9, .bytes_per_second = 10e9, .name = "half of it"};
  const StepUtilisation share = utilisation(costs, peak);
  EXPECT_DOUBLE_EQ(share.mfu, 1.2);
  EXPECT_DOUBLE_EQ(share.hfu, 1.4);
  EXPECT_NE(doubt_of(share, peak).text().find("half of it"), std::string::npos);
  EXPECT_TRUE(doubt_of({.mfu = 0.9, .hfu = 1}, peak).empty());
  EXPECT_DOUBLE_EQ(ridge_point(peak), 5);
  EXPECT_DOUBLE_EQ(attainable(peak, 2), 20e9);
  EXPECT_DOUBLE_EQ(attainable(peak, 50), 50e9);
}

}  // namespace
}  // namespace nanscope
