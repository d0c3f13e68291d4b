// nanscope cost data measures how tokens come from a file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(CostData, MeasuresAFileThatItMakes) {
  const auto data = run_json({"cost", "data", "costs.file_bytes=2e6", "costs.data_batch=16",
                              "costs.data_length=128", "--json"});
  EXPECT_EQ(data["schema"], "nanscope.data/1");
  EXPECT_EQ(data["file"]["made"], true);
  EXPECT_EQ(data["file"]["tokens"], 1'000'000);
  for (const char* way : {"mapped", "loaded"})
    EXPECT_GT(data[way]["seconds"].get<double>(), 0) << way;
  const auto& overlap = data["overlap"];
  const double copy = overlap["copy_seconds"], compute = overlap["compute_seconds"];
  EXPECT_DOUBLE_EQ(overlap["in_turns"]["predicted_seconds"].get<double>(),
                   overlap["batches"].get<int>() * (copy + compute));
  EXPECT_EQ(overlap["device"], "cpu");
  EXPECT_EQ(data["gpu"]["measured"], false);
}

TEST(CostData, SaysWhatIsWrongWithItsWords) {
  const auto refused = [](const std::vector<std::string>& words) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 2) << outcome.out;
    return outcome.err;
  };
  EXPECT_THAT(refused({"cost", "data", "./nowhere.bin"}),
              AllOf(HasSubstr("./nowhere.bin"), HasSubstr("cannot be read")));
  EXPECT_THAT(refused({"cost", "data", "./x.bin", "costs.file_bytes=1e7"}),
              HasSubstr("costs.file_bytes has no effect"));
  EXPECT_THAT(refused({"cost", "data", "costs.zero=1"}), HasSubstr("costs.zero has no effect"));
  EXPECT_THAT(refused({"cost", "data", "optimizer.kind=muon"}),
              HasSubstr("optimizer.kind has no effect in nanscope cost data"));
  EXPECT_THAT(refused({"cost", "data", "./x.bin", "./y.bin"}),
              HasSubstr("\"./y.bin\" is one word too many"));
  EXPECT_THAT(refused({"cost", "data", "costs.compute=0"}), HasSubstr("0.01"));
}

}  // namespace
}  // namespace nanscope
