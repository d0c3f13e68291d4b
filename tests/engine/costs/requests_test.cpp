#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/costs/requests/cost_requests.h"
#include "engine/experiment/json.h"
#include "engine/recipe/acting_keys.h"

// What the Costs lab asks, and which of its keys act.
namespace nanscope {
namespace {

using ::testing::HasSubstr;

using Pairs = std::initializer_list<std::pair<const char*, const char*>>;

Experiment lab_with(Pairs keys) {
  Experiment experiment;
  experiment.lab = LabName::costs;
  for (const auto& [key, value] : keys) {
    const auto next = with_key(experiment, key, value);
    EXPECT_TRUE(next) << to_string(next.error());
    experiment = next.value_or(experiment);
  }
  return experiment;
}

template <class Request>
Result<JobResult> answer(const Request& request) {
  JobContext context({}, {});
  return run_job(*request.make_job(), context);
}

std::shared_ptr<const NapkinCosts> napkin(Pairs keys) {
  const auto result = answer(napkin_costs_request(lab_with(keys).costs));
  EXPECT_TRUE(result) << to_string(result.error());
  return result ? result->as<NapkinCosts>() : nullptr;
}

std::string refused(Pairs keys) {
  const Costs costs = lab_with(keys).costs;
  const auto result = costs.view == CostsView::transformer
                          ? answer(transformer_costs_request(costs))
                          : answer(napkin_costs_request(costs));
  return result ? "nothing" : to_string(result.error());
}

/// reference/accounting.md: 6 x 70e9 x 15e12 / (1024 x 989.5e12 x 0.5 x 86400).
TEST(CostRequests, OfANapkinAreThoseOfTheCommandLine) {
  const auto days = napkin({{"costs.devices", "1024"}});
  ASSERT_TRUE(days);
  EXPECT_EQ(days->lines.front().key, "days");
  EXPECT_NEAR(days->lines.front().value, 143.93, 0.01);
  EXPECT_THAT(days->python, HasSubstr("days = "));
  const auto largest = napkin({{"costs.question", "largest_model"},
                               {"costs.devices", "8"},
                               {"costs.zero", "3"},
                               {"costs.convention", "cs336"}});
  EXPECT_NEAR(largest->lines.front().value, 53.33e9, 0.01e9);
}

/// The lecture's: an RTX 3090 in bf16 against its fp32 peak of 35.6e12.
TEST(CostRequests, AnMfuAboveOneSaysWhichPeakIsWrong) {
  const Pairs wrong{{"costs.question", "product"},
                    {"costs.seconds", "0.12542"},
                    {"costs.device", "rtx-3090"},
                    {"costs.precision", "fp32"}};
  const auto product = napkin(wrong);
  EXPECT_EQ(product->lines[0].value, 8'796'093'022'208);
  EXPECT_EQ(product->lines[2].key, "mfu");
  EXPECT_NEAR(product->lines[2].value, 1.97, 0.005);
  ASSERT_EQ(product->notes.size(), 2u);
  EXPECT_THAT(product->notes[0], HasSubstr("another precision's"));
  EXPECT_EQ(product->notes[1], "of the 71 TFLOP/s of bf16 and fp16 it would be 0.988");
  const auto right = napkin({{"costs.question", "product"},
                             {"costs.seconds", "0.12542"},
                             {"costs.device", "rtx-3090"},
                             {"costs.precision", "bf16"}});
  EXPECT_LT(right->lines[2].value, 1);
  EXPECT_TRUE(right->notes.empty());
}

TEST(CostRequests, OfATransformerAreItsEstimate) {
  const auto result = answer(transformer_costs_request(
      lab_with({{"costs.view", "transformer"}, {"costs.devices", "8"}, {"costs.zero", "3"}})
          .costs));
  ASSERT_TRUE(result) << to_string(result.error());
  const auto costs = result->as<TransformerCosts>();
  EXPECT_EQ(costs->estimate.parameters.total, 8'030'261'248);
  EXPECT_EQ(costs->estimate.memory.optimizer, 8'030'261'248.0 * 12 / 8);
  ASSERT_TRUE(costs->estimate.on_device);
  // Attention's share grows with the length, as T / (6C + T) does.
  for (std::size_t i = 1; i < costs->shares.size(); ++i)
    EXPECT_GT(costs->shares[i].share, costs->shares[i - 1].share);
}

TEST(CostRequests, RefuseByTheLabsKeys) {
  EXPECT_THAT(refused({{"costs.view", "transformer"}, {"costs.model", "llama-3-9b"}}),
              HasSubstr("costs.model: llama-3-9b is no model here; did you mean llama-3-8b?"));
  EXPECT_THAT(refused({{"costs.view", "transformer"}, {"costs.device", "h1000"}}),
              HasSubstr("costs.device: "));
  EXPECT_THAT(refused({{"costs.view", "transformer"}, {"costs.tensor", "3"}}),
              HasSubstr("costs.tensor: "));
  EXPECT_THAT(refused({{"costs.view", "transformer"}, {"costs.architecture", "layers"}}),
              HasSubstr("costs.architecture: layers: is no field"));
  EXPECT_THAT(refused({{"costs.question", "money_buys"}}), HasSubstr("costs.price: is 0"));
  EXPECT_THAT(refused({{"costs.question", "utilisation"}}),
              HasSubstr("costs.tokens_per_second: is 0"));
  EXPECT_THAT(refused({{"costs.device", "v100-16gb"}, {"costs.precision", "bf16"}}),
              HasSubstr("costs.precision: the table has no peak of v100-16gb in bf16"));
}

TEST(CostRequests, AFieldThatCannotBeIsNamed) {
  EXPECT_THAT(refused({{"costs.view", "transformer"}, {"costs.architecture", "heads=33"}}),
              HasSubstr("costs.architecture: heads: "));
}

/// A file from before has costs.accumulation.
TEST(CostKeys, MicroBatchesAreReadByTheirFormerName) {
  const Experiment now = lab_with({{"costs.view", "transformer"}, {"costs.micro_batches", "4"}});
  EXPECT_EQ(now, lab_with({{"costs.view", "transformer"}, {"costs.accumulation", "4"}}));
  EXPECT_EQ(*from_json(R"({"costs": {"accumulation": 4}})"),
            *from_json(R"({"costs": {"micro_batches": 4}})"));
  EXPECT_THAT(to_json(now), HasSubstr("micro_batches"));
  EXPECT_TRUE(check_acts("costs.accumulation", now));
}

TEST(CostRequests, OfARunAskNothingAnewWhereNoPlanHangsOnIt) {
  const Experiment before = lab_with({});
  EXPECT_EQ(run_costs_request(before), run_costs_request(lab_with({{"optimizer.lr", "0.5"}})));
  EXPECT_EQ(run_costs_request(before), run_costs_request(lab_with({{"costs.view", "flops"}})));
  EXPECT_EQ(run_costs_request(before), run_costs_request(lab_with({{"init.gain", "2"}})));
  EXPECT_NE(run_costs_request(before), run_costs_request(lab_with({{"optimizer.kind", "sgd"}})));
  EXPECT_NE(run_costs_request(before), run_costs_request(lab_with({{"recompute", "4"}})));
}

TEST(CostKeys, ActInTheirViews) {
  const auto refusal = [](Pairs keys) {
    const auto acts = check_acts((keys.end() - 1)->first, lab_with(keys));
    return acts ? std::string() : acts.error().message();
  };
  EXPECT_EQ(refusal({{"batch", "8"}}), "");
  EXPECT_THAT(refusal({{"costs.mfu", "0.4"}}), HasSubstr("costs.view is memory"));
  EXPECT_EQ(refusal({{"costs.view", "napkin"}, {"costs.mfu", "0.4"}}), "");
  EXPECT_THAT(refusal({{"costs.view", "napkin"}, {"batch", "8"}}),
              HasSubstr("memory, flops, walk and roofline read the run's keys"));
  EXPECT_THAT(
      refusal({{"costs.view", "napkin"}, {"costs.question", "bytes"}, {"costs.mfu", "0.4"}}),
      HasSubstr("costs.question bytes"));
  EXPECT_THAT(refusal({{"costs.view", "walk"}, {"costs.x", "2"}}), HasSubstr("costs.walk run"));
  EXPECT_EQ(refusal({{"costs.view", "walk"}, {"costs.walk", "example"}, {"costs.x", "2"}}), "");
  EXPECT_EQ(refusal({{"compare", "optimizer.kind=sgd"}}), "");
  EXPECT_EQ(refusal({{"costs.measured", "true"}}), "");
  EXPECT_EQ(refusal({{"costs.view", "roofline"}, {"batch", "8"}}), "");
  EXPECT_THAT(refusal({{"costs.view", "roofline"}, {"costs.device", "a100-80gb"}}),
              HasSubstr("costs.view is roofline"));
  EXPECT_EQ(
      refusal(
          {{"costs.view", "roofline"}, {"costs.roof", "datasheet"}, {"costs.device", "a100-80gb"}}),
      "");
  EXPECT_THAT(refusal({{"costs.view", "calibration"}, {"costs.measured", "true"}}),
              HasSubstr("which measures this machine"));
  EXPECT_EQ(refusal({{"costs.view", "napkin"}, {"compare", "costs.devices=2"}}), "");
  EXPECT_THAT(refusal({{"costs.view", "data"}, {"compare", "costs.devices=2"}}),
              HasSubstr("compare has no effect"));
  Experiment signal;
  signal = *with_key(signal, "compare", "optimizer.kind=sgd");
  EXPECT_THAT(check_acts("compare", signal).error().message(), HasSubstr("costs reads it"));
}

/// Every setting of a napkin that is said to act changes an answer; the others change none.
TEST(CostKeys, OfANapkinThatActChangeTheAnswer) {
  for (const auto& [question, name] : Names<NapkinQuestion>::all) {
    Experiment experiment = lab_with({{"costs.view", "napkin"},
                                      {"costs.price", "2"},
                                      {"costs.electricity", "0.1"},
                                      {"costs.seconds", "0.5"},
                                      {"costs.tokens_per_second", "1e4"},
                                      {"costs.devices", "64"},
                                      {"costs.zero", "1"}});
    experiment.costs.question = question;
    const auto outcome = [](const Experiment& of) {
      const auto result = answer(napkin_costs_request(of.costs));
      if (!result) return to_string(result.error());
      return result->as<NapkinCosts>()->python;
    };
    const std::string as_it_is = outcome(experiment);
    for (const auto& [key, value] : Pairs{{"costs.parameters", "1e9"},
                                          {"costs.tokens", "1e12"},
                                          {"costs.mfu", "0.3"},
                                          {"costs.days", "3"},
                                          {"costs.budget", "500"},
                                          {"costs.price", "3"},
                                          {"costs.electricity", "0.5"},
                                          {"costs.tokens_per_second", "2e4"},
                                          {"costs.m", "64"},
                                          {"costs.k", "64"},
                                          {"costs.n", "64"},
                                          {"costs.seconds", "0.7"},
                                          {"costs.devices", "32"},
                                          {"costs.zero", "3"},
                                          {"costs.device", "a100-40gb"},
                                          {"costs.peak", "1e15"},
                                          {"costs.precision", "fp32"},
                                          {"costs.optimizer", "sgd"},
                                          {"costs.eight_bits", "true"},
                                          {"costs.convention", "megatron"}}) {
      const auto other = with_key(experiment, key, value);
      ASSERT_TRUE(other) << key;
      EXPECT_EQ(check_acts(key, experiment).has_value(), outcome(*other) != as_it_is)
          << key << " of " << name;
    }
  }
}

}  // namespace
}  // namespace nanscope
