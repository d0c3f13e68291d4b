// nanscope train networks=N: several seeds side by side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/app/small_runs.h"

namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

/// The lines of a run file that tell of steps.
std::vector<std::string> steps_in(const std::string& file) {
  std::vector<std::string> lines;
  std::istringstream stream(file_bytes(file));
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with("{\"step\"")) lines.push_back(line);
  return lines;
}

TEST(TrainNetworks, AreTheRunsOfTheirSeeds) {
  std::vector<std::vector<json>> alone;
  for (const char* seed : {"seed=7", "seed=8", "seed=9"})
    alone.push_back(lines_of(run(train({seed, "--json"})).out));
  const Outcome outcome = run(train({"seed=7", "networks=3", "--json"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const std::vector<json> lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 31u);
  for (std::size_t step = 0; step < 30; ++step)
    for (const char* name : {"loss", "grad_norm"}) {
      const json& numbers = lines[step]["networks"][name];
      std::vector<double> each;
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_EQ(numbers["each"][k], alone[k][step][name]) << name << " of step " << step;
        each.push_back(numbers["each"][k]);
      }
      std::ranges::sort(each);
      EXPECT_EQ(numbers["low"], each[0]);
      EXPECT_EQ(lines[step][name], each[1]);
      EXPECT_EQ(numbers["high"], each[2]);
    }
  EXPECT_EQ(lines.back()["networks"]["seeds"], json({7, 8, 9}));
  EXPECT_THAT(run(train({"networks=3"})).out,
              AllOf(HasSubstr("median"), HasSubstr("These are medians of 3 networks"),
                    HasSubstr("seeds 1 to 3")));
}

TEST(TrainNetworks, GoOnFromOneAsIfTheyHadNotStopped) {
  const TemporaryFolder folder;
  const std::string whole = folder.file("whole.jsonl"), file = folder.file("run.jsonl");
  const std::vector<std::string> words{
      "data.kind=spiral",   "networks=3",           "batch=50",
      "evaluate=4",         "precision=mixed_fp16", "loss_scale.kind=dynamic",
      "loss_scale.init=1e8"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return train(more);
  };
  ASSERT_EQ(run(with({"steps=12", "--out", whole})).status, 0);
  const std::string place = folder.file("states");
  ASSERT_EQ(run(with({"steps=7", "--out", file, "--checkpoint", place})).status, 0);
  const Outcome outcome = run({"train", "--resume", place, "steps=12", "--out", file, "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(
      json::parse(outcome.out.substr(0, outcome.out.find('\n')))["networks"]["loss"]["each"].size(),
      3u);
  ASSERT_EQ(steps_in(whole).size(), 12u);
  EXPECT_EQ(steps_in(file), steps_in(whole));
}

}  // namespace
}  // namespace nanscope
