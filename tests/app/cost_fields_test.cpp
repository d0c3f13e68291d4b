// What of a transformer's fields, batches and devices nanscope cost says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::HasSubstr;

// LibTorch is not there: nothing of this opens it.
const RunOptions kWithoutEngine{.environment = {"NANSCOPE_ENGINE=/nowhere"}};

nlohmann::json transformer_cost(std::vector<std::string> words) {
  words.insert(words.begin(), "cost");
  words.emplace_back("--json");
  return run_json(words, kWithoutEngine);
}

std::string refused_cost(std::vector<std::string> words) {
  words.insert(words.begin(), "cost");
  const Outcome outcome = run(words, kWithoutEngine);
  EXPECT_EQ(outcome.status, 2) << outcome.out;
  return outcome.err;
}

TEST(CostFields, NamesTheFieldThatWasGiven) {
  for (const char* model : {"llama-3-8b", "qwen3-8b"})
    EXPECT_THAT(refused_cost({"--model", model, "heads=33"}), HasSubstr("heads: ")) << model;
  EXPECT_THAT(refused_cost({"--model", "gpt2", "width=800"}), HasSubstr("width: "));
}

/// What was its name before stays readable.
TEST(CostFields, MicroBatchesDivideTheBatch) {
  const std::vector<std::string> words{"--model", "gpt2", "--batch", "8"};
  auto now = words, before = words;
  now.insert(now.end(), {"--micro-batches", "4"});
  before.insert(before.end(), {"--accumulation", "4"});
  const auto result = transformer_cost(now);
  EXPECT_EQ(result, transformer_cost(before));
  EXPECT_EQ(result["micro_batches"], 4);
  EXPECT_EQ(result["batch"], 8);
  EXPECT_LT(result["memory"]["activations"], transformer_cost(words)["memory"]["activations"]);
  EXPECT_THAT(result["switches"].dump(), HasSubstr("--micro-batches"));
}

TEST(CostFields, EveryParallelismIsASwitchWithItsSource) {
  const auto result =
      transformer_cost({"--model", "mixtral-8x7b", "--devices", "64", "--tensor", "4", "--pipeline",
                        "2", "--context", "2", "--expert", "4", "--sequence-parallel", "--zero",
                        "3", "--optimizer-bits", "8"});
  for (const char* option : {"--tensor", "--pipeline", "--context", "--expert",
                             "--sequence-parallel", "--zero", "--optimizer-bits"}) {
    bool found = false;
    for (const auto& one : result["switches"])
      found |= one["option"] == option && !one["source"].get<std::string>().empty();
    EXPECT_TRUE(found) << option;
  }
  EXPECT_THAT(result["notes"].dump(), HasSubstr("gathers for a layer"));
}

}  // namespace
}  // namespace nanscope
