// What is alive in each moment of a step, by the plan alone.
#include "engine/costs/measured/timeline.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/experiment/json.h"
#include "engine/plan/lifetimes.h"
#include "engine/plan/plan.h"
#include "tests/engine/random_runs.h"

namespace nanscope {
namespace {

PlanDescription plan_of(const Experiment& experiment) {
  return *describe_training(experiment, *training_task(experiment));
}

Experiment with(std::initializer_list<std::pair<const char*, const char*>> keys) {
  Experiment experiment;
  for (const auto& [key, value] : keys) experiment = *with_key(experiment, key, value);
  return experiment;
}

const TimelineRow& row_of(const StepTimeline& timeline, StepPart part, const std::string& layer,
                          const std::string& kind = "linear") {
  for (const TimelineRow& row : timeline.rows)
    if (row.part == part && row.layer == layer && (row.kind == kind || layer.empty())) return row;
  ADD_FAILURE() << name_of(part) << " of " << layer;
  return timeline.rows.front();
}

TEST(Timeline, CountsTheProductsOfMuon) {
  const auto update = [](const char* optimizer, const char* networks) {
    const Experiment experiment = with({{"model.depth", "2"},
                                        {"model.width", "16"},
                                        {"batch", "8"},
                                        {"optimizer.kind", optimizer},
                                        {"networks", networks},
                                        {"data.kind", "teacher"}});
    const PlanDescription plan = plan_of(experiment);
    const TimelineRow row = step_timeline(experiment, plan).rows.back();
    EXPECT_EQ(plan_costs(experiment, plan).optimizer, row.cost.flops);
    return row;
  };
  // Five times 3 products of (16,16) with (16,16) for each of two layers; the head's (1,16) has
  // (1,16)(16,1), (1,1)(1,1) and (1,1)(1,16).
  const double by_hand = 5 * (2 * 3 * 2 * 16 * 16 * 16 + 2 * 16 + 2 + 2 * 16);
  EXPECT_EQ(update("muon", "1").own_flops, by_hand);
  EXPECT_EQ(update("muon", "3").own_flops, 3 * by_hand);
  EXPECT_EQ(update("sgd", "1").cost.flops, 0);
}

/// One number comes out of it, but all predictions go into it.
TEST(Timeline, CountsALossByWhatItReduces) {
  for (const char* networks : {"1", "3"}) {
    const Experiment experiment = with({{"data.kind", "spiral"},
                                        {"batch", "32"},
                                        {"networks", networks},
                                        {"loss", "cross_entropy"}});
    const PlanDescription plan = plan_of(experiment);
    const StepTimeline timeline = step_timeline(experiment, plan);
    const auto loss = std::ranges::find_if(timeline.rows, [](const TimelineRow& row) {
      return row.part == StepPart::forward && row.kind == "cross_entropy";
    });
    ASSERT_NE(loss, timeline.rows.end());
    const PlanOperation& operation = plan.operations[static_cast<std::size_t>(loss->operation)];
    const auto elements = static_cast<double>(plan.value(operation.inputs.front()).elements());
    EXPECT_GE(elements, 2 * 32);
    EXPECT_EQ(loss->own_flops, elements);
  }
}

TEST(Timeline, OfATwoLayerNetworkIsTheOneCountedByHand) {
  const Experiment experiment = with({{"model.kind", "deep_linear"},
                                      {"model.depth", "2"},
                                      {"model.width", "16"},
                                      {"batch", "8"},
                                      {"optimizer.kind", "sgd"},
                                      {"data.kind", "teacher"}});
  const StepTimeline timeline = step_timeline(experiment, plan_of(experiment));
  const std::int64_t w = 4 * 16 * 16, head = 4 * 16, h = 4 * 8 * 16, y = 4 * 8, scalar = 4;
  const std::int64_t parameters = 2 * w + head, samples = h + y;
  const TimelineRow& drawn = timeline.rows.front();
  EXPECT_EQ(drawn.part, StepPart::samples);
  EXPECT_EQ(drawn.before, parameters);
  EXPECT_EQ(drawn.after, parameters + samples);
  EXPECT_EQ(drawn.born, (std::vector<std::string>{"X", "T"}));
  // Forward it rises by what each layer leaves for the way back.
  EXPECT_EQ(row_of(timeline, StepPart::forward, "linear 1").after, parameters + samples + h);
  EXPECT_EQ(row_of(timeline, StepPart::forward, "linear 2").after, parameters + samples + 2 * h);
  EXPECT_EQ(row_of(timeline, StepPart::forward, "head").after, parameters + samples + 2 * h + y);
  // Back, each layer's activation goes as its weight's gradient comes.
  const TimelineRow& second = row_of(timeline, StepPart::backward, "linear 2");
  EXPECT_EQ(second.before, parameters + head + 3 * h + scalar);  // X, h1 and dh2; the loss
  EXPECT_EQ(second.alive.total(), second.before + h + w);
  EXPECT_EQ(second.alive.gradients, head + w);
  EXPECT_EQ(second.born, (std::vector<std::string>{"dh1", "dW2"}));
  EXPECT_EQ(second.freed, (std::vector<std::string>{"h1", "dh2"}));
  EXPECT_EQ(timeline.peak_bytes(), second.alive.total());
  EXPECT_EQ(timeline.rows[static_cast<std::size_t>(timeline.peak)].layer, "linear 2");
  const TimelineRow& update = timeline.rows.back();
  EXPECT_EQ(update.part, StepPart::optimizer);
  EXPECT_EQ(update.before, 2 * parameters);
  EXPECT_EQ(update.after, parameters);
  EXPECT_EQ(update.cost.bytes_read, 2 * parameters);
  EXPECT_EQ(update.cost.bytes_written, parameters);
}

TEST(Timeline, PeakIsLowerWhereSegmentsAreComputedAgain) {
  const auto of = [](const char* segments) {
    const Experiment experiment = with({{"model.depth", "16"},
                                        {"model.width", "16"},
                                        {"batch", "256"},
                                        {"model.activation", "gelu"},
                                        {"data.kind", "teacher"},
                                        {"recompute", segments}});
    return step_timeline(experiment, plan_of(experiment));
  };
  EXPECT_LT(2 * of("4").peak_bytes(), of("0").peak_bytes());
}

// The plan lays the lives of its values into buffers on its own; both have to agree.
TEST(Timeline, OfRandomRunsAgreesWithTheBuffersOfThePlan) {
  std::mt19937 generator(1);
  for (int i = 0; i < 200; ++i) {
    const Experiment experiment = random_run(generator);
    const PlanDescription plan = plan_of(experiment);
    const StepTimeline timeline = step_timeline(experiment, plan);
    const std::string words = to_json(experiment);
    EXPECT_EQ(timeline.held, plan.bytes());
    // Whatever is alive at the same time is not in the same memory.
    const Lifetimes lifetimes = lifetimes_of(plan);
    std::map<std::pair<int, int>, std::string> owner;  // by moment and buffer
    for (std::size_t id = 0; id < plan.values.size(); ++id)
      for (const Lifetime& life : lifetimes.of_values[id])
        for (int moment = life.begin; moment <= life.end; ++moment) {
          const auto [place, is_new] =
              owner.try_emplace({moment, plan.values[id].buffer}, plan.values[id].name);
          ASSERT_TRUE(is_new) << place->second << " and " << plan.values[id].name << " at "
                              << moment << words;
        }
    std::int64_t last = timeline.rows.front().before;
    for (const TimelineRow& row : timeline.rows) {
      ASSERT_EQ(row.before, last) << words;
      ASSERT_GE(row.alive.total(), std::max(row.before, row.after)) << words;
      ASSERT_LE(row.alive.total(), timeline.held) << words;
      last = row.after;
    }
    if (experiment.training.accumulation == 1) {
      EXPECT_EQ(last, timeline.rows.front().before);
    }
    std::int64_t alive = 0;
    for (const AliveValue& one : timeline.alive_at_peak) alive += one.bytes;
    EXPECT_EQ(alive, timeline.peak_bytes());
  }
}

TEST(Timeline, OfRandomRunsAddsUpToTheCostsOfThePlan) {
  std::mt19937 generator(2);
  for (int i = 0; i < 100; ++i) {
    const Experiment experiment = random_run(generator);
    const PlanDescription plan = plan_of(experiment);
    const PlanCosts costs = plan_costs(experiment, plan);
    std::map<StepPart, double> flops;
    std::int64_t moved = 0;
    for (const TimelineRow& row : step_timeline(experiment, plan).rows) {
      flops[row.part] += experiment.training.accumulation * row.cost.flops;
      if (row.operation >= 0) moved += row.cost.bytes_read + row.cost.bytes_written;
    }
    EXPECT_EQ(flops[StepPart::forward], costs.forward);
    EXPECT_EQ(flops[StepPart::backward], costs.backward);
    EXPECT_EQ(flops[StepPart::again], costs.recomputed);
    // The plan counts that gradients are added to others, which those of an only batch are not.
    std::int64_t added = 0;
    for (const PlanParameter& one : plan.parameters) {
      const PlanValue& gradient = plan.value(plan.value(one.value).gradient);
      if (experiment.training.accumulation == 1) added += 3 * gradient.bytes();
    }
    const Cost there = plan.forward_cost(), back = plan.backward_cost();
    EXPECT_EQ(moved + added,
              there.bytes_read + there.bytes_written + back.bytes_read + back.bytes_written);
  }
}

}  // namespace
}  // namespace nanscope
