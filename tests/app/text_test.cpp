// What the commands print that need no pass, and how they treat the standard streams.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/app/program.h"

namespace nanscope {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// No line is longer than a terminal that people use.
void expect_lines_up_to(std::size_t longest, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), longest) << line;
}

TEST(Help, NamesEveryCommand) {
  const Outcome outcome = run({"--help"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
  for (const char* command :
       {"open", "signal", "cost", "tensor", "plot", "pytorch", "demos", "doctor"})
    EXPECT_THAT(outcome.out, HasSubstr(std::string("\n  ") + command));
  expect_lines_up_to(100, outcome.out);
}

TEST(Help, EveryCommandExplainsItself) {
  for (const char* command :
       {"open", "signal", "cost", "tensor", "plot", "pytorch", "demos", "doctor"}) {
    const Outcome outcome = run({command, "--help"});
    EXPECT_EQ(outcome.status, 0) << command;
    EXPECT_THAT(outcome.out, HasSubstr(std::string("nanscope ") + command));
    EXPECT_EQ(outcome.err, "");
    expect_lines_up_to(100, outcome.out);
  }
}

TEST(Version, IsOneLine) {
  const Outcome outcome = run({"--version"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, testing::MatchesRegex("nanscope [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(Demos, AreListed) {
  const Outcome outcome = run({"demos"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, StartsWith("explode "));
}

TEST(Demos, AreListedByLabAndTitle) {
  const Outcome outcome = run({"demos"});
  std::vector<std::string> labs;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    std::istringstream words(line);
    std::string name, lab;
    words >> name >> lab;
    if (labs.empty() || labs.back() != lab) labs.push_back(lab);
  }
  EXPECT_THAT(labs, testing::ElementsAre("Signal", "Numbers", "Tensors", "Training", "Optimizers",
                                         "Costs"));
  for (const auto& demo : run_json({"demos", "--json"})["demos"])
    EXPECT_THAT(outcome.out, HasSubstr(" " + demo["title"].get<std::string>() + "\n"));
}

TEST(Demos, AsJsonAreExperiments) {
  const auto result = run_json({"demos", "--json"});
  EXPECT_EQ(result["schema"], "nanscope.demos/1");
  ASSERT_GE(result["demos"].size(), 8u);
  for (const auto& demo : result["demos"]) {
    EXPECT_NE(demo["title"], "");
    EXPECT_EQ(demo["experiment"]["schema"], "nanscope.experiment/1");
  }
}

TEST(Streams, AReaderThatLeftIsNoError) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  const Outcome outcome = run({"demos", "--json"}, {.out = ends[1]});
  ::close(ends[1]);
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.err, "");
}

TEST(Streams, ARunThatNobodyReadsEnds) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  Running program({"train", "data.kind=spiral", "init.scheme=kaiming", "model.depth=2",
                   "model.width=8", "steps=100000000", "--json"},
                  {.out = ends[1]});
  ::close(ends[1]);
  char first = 0;
  ASSERT_EQ(::read(ends[0], &first, 1), 1);
  ::close(ends[0]);
  for (int tenths = 0; tenths < 600 && !program.ended(); ++tenths) ::usleep(100000);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.wait().status, 0);
}

TEST(Streams, ARunWhoseStepsCannotBeWrittenEndsAndSaysSoOnce) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_NE(full, -1);
  const Outcome outcome = run({"train", "data.kind=spiral", "init.scheme=kaiming", "model.depth=2",
                               "model.width=8", "steps=100000000", "--json"},
                              {.out = full});
  ::close(full);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err.find("standard output"), outcome.err.rfind("standard output"));
  EXPECT_THAT(outcome.err, HasSubstr("standard output"));
}

TEST(Streams, AClosedOutputIsReported) {
  const Outcome outcome = run({"demos"}, {.close_out = true});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("standard output"));
}

TEST(Streams, AFullOutputIsReported) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_NE(full, -1);
  const Outcome outcome = run({"demos"}, {.out = full});
  ::close(full);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.err, HasSubstr("standard output"));
}

TEST(Engine, ThatIsMissingSaysWhatToDo) {
  const Outcome outcome =
      run({"signal", "--json"}, {.environment = {"NANSCOPE_ENGINE=/nowhere/engine.so"}});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("/nowhere/engine.so"));
  EXPECT_THAT(outcome.err, HasSubstr("./nanscope"));
}

}  // namespace
}  // namespace nanscope
