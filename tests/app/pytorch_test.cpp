// nanscope pytorch prints the script; that its numbers agree is tested beside the engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Pytorch, PrintsAScript) {
  const Outcome outcome = run({"pytorch", "explode", "model.depth=7", "seed=11"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("import torch"), HasSubstr("7"), HasSubstr("11")));
}

TEST(Pytorch, OfAChainItPrintsTheChain) {
  const Outcome outcome = run({"pytorch", "view_refused", "seed=5"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("import torch"), HasSubstr("torch.manual_seed(5)"),
                                 HasSubstr(".view(")));
  EXPECT_EQ(outcome.out.find("draw_weight"), std::string::npos);
}

TEST(Pytorch, OfSeveralNetworksTheScriptTakesSeedAfterSeed) {
  const Outcome outcome = run({"pytorch", "train_spiral", "networks=3", "seed=5"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("for seed in range(5, 8):\n"),
                                 HasSubstr("\n    torch.manual_seed(seed)\n"),
                                 HasSubstr("\n        lines.append(line)\n")));
}

TEST(Pytorch, NeedsNoEngine) {
  const Outcome outcome = run({"pytorch"}, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST(Pytorch, ADashIsStandardOutput) {
  EXPECT_EQ(run({"pytorch", "view_refused", "-o", "-"}).out, run({"pytorch", "view_refused"}).out);
}

TEST(Pytorch, WritesAFile) {
  const TemporaryFolder folder;
  const std::string file = folder.file("s.py");
  const Outcome outcome = run({"pytorch", "-o", file});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, file + "\n");
  EXPECT_EQ(file_bytes(file), run({"pytorch"}).out);
}

TEST(Pytorch, AFileThatCannotBeWritten) {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "") + "/s.py";
  const Outcome outcome = run({"pytorch", "-o", file});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr(file));
}

}  // namespace
}  // namespace nanscope
