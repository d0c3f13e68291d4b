// nanscope train --checkpoint keeps a run's state, and --resume goes on from it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <random>

#include "engine/recipe/checkpoint.h"
#include "tests/app/small_runs.h"

namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

/// The lines of a run file that tell of steps and changes, by step.
std::vector<std::string> step_lines(const std::string& file) {
  std::vector<std::string> lines;
  std::istringstream stream(file_bytes(file));
  for (std::string line; std::getline(stream, line);)
    if (!line.starts_with("{\"schema\"")) lines.push_back(line);
  return lines;
}

TEST(Checkpoints, GoesOnAfterKillsAsIfThereHadBeenNone) {
  const TemporaryFolder folder;
  const std::string whole = folder.file("whole.jsonl"), file = folder.file("run.jsonl");
  const std::string place = folder.file("states/here");
  const std::vector<std::string> run_words{
      "data.kind=spiral",      "data.held_out=0.1", "batch=50",
      "steps=15000",           "evaluate=100",      "--change",
      "500:optimizer.lr=0.01", "--change",          "2500:optimizer.beta1=0.8"};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  ASSERT_EQ(run(train(with(run_words, {"--out", whole}))).status, 0);
  const std::vector<std::string> keeps{"--out", file, "--checkpoint", place, "--every", "100"};
  const std::vector<std::string> goes_on = with({"train", "--resume", place}, keeps);
  std::mt19937 random(3);
  std::uniform_int_distribution<useconds_t> microseconds(0, 200000);
  constexpr int kKills = 6;
  int killed = 0;
  std::size_t before = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    Running program(kill == 0 ? train(with(run_words, keeps)) : goes_on, {});
    // A checkpoint is there, and the run has begun once more.
    while (!program.ended() && (!std::filesystem::exists(checkpoint_path(place, 100)) ||
                                file_bytes(file).size() <= before))
      usleep(5000);
    usleep(microseconds(random));
    if (!program.ended()) {
      program.send(SIGKILL);
      ++killed;
    }
    program.wait();
    before = file_bytes(file).size();
  }
  EXPECT_GT(killed, 0);
  const Outcome last = run(with(goes_on, {"--json"}));
  EXPECT_EQ(last.status, 0) << last.err;
  const json summary = lines_of(last.out).back();
  EXPECT_GT(summary["resumed_after"], 0);
  EXPECT_EQ(summary["steps"], 15000);
  EXPECT_EQ(step_lines(file), step_lines(whole));
  const json uninterrupted = lines_of(file_bytes(whole)).back();
  for (const char* same : {"held_out_loss", "accuracy", "changes", "experiment"})
    EXPECT_EQ(summary[same], uninterrupted[same]) << same;
}

TEST(Checkpoints, AFinishedRunCanBeContinued) {
  const TemporaryFolder folder;
  const std::string state = folder.file("end.safetensors");
  const Outcome first = run(train({"--checkpoint", state}));
  EXPECT_THAT(first.out, HasSubstr("nanscope train --resume " + state));
  const Outcome more =
      run({"train", "--resume", state, "steps=40", "--json", "--change", "35:optimizer.lr=0"});
  EXPECT_EQ(more.status, 0) << more.err;
  const std::vector<json> lines = lines_of(more.out);
  const std::vector<json> whole = lines_of(run(train({"steps=40", "--json"})).out);
  ASSERT_EQ(lines.size(), 11u);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(lines[i], whole[30 + i]);
  EXPECT_EQ(lines[5]["lr"], 0);
  EXPECT_EQ(lines.back()["resumed_after"], 30);
  EXPECT_EQ(lines.back()["steps"], 40);
}

TEST(Checkpoints, BadCheckpointsSayWhatIsAllowed) {
  const TemporaryFolder folder;
  const std::string state = folder.file("state.safetensors"), out = folder.file("run.jsonl");
  ASSERT_EQ(run(train({"--checkpoint", state, "--out", out})).status, 0);
  const auto refused = [](const std::vector<std::string>& words) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(refused({"train", "--resume", state, "model.depth=3"}),
              AllOf(HasSubstr("--resume: model.depth=3"), HasSubstr("steps=N")));
  EXPECT_THAT(refused({"train", "--resume", state, "steps=20"}),
              HasSubstr("steps: 30 steps are done already"));
  EXPECT_THAT(refused({"train", "--resume", state, "steps=40", "--change", "3:clip.norm=1"}),
              HasSubstr("the next one is 30"));
  EXPECT_THAT(refused({"train", "--resume", folder.file("nowhere")}), HasSubstr("nowhere"));
  EXPECT_THAT(refused({"train", "--resume", folder.path()}), HasSubstr("holds no checkpoint"));
  EXPECT_THAT(refused({"train", "--resume",
                       folder.write("cut.safetensors", file_bytes(state).substr(0, 900))}),
              HasSubstr("cut.safetensors: is no checkpoint"));
  EXPECT_THAT(refused(train({"--every", "3"})), HasSubstr("--checkpoint says where"));
  ASSERT_EQ(run(train({"--checkpoint", folder.file("states")})).status, 0);
  EXPECT_THAT(refused(train({"--checkpoint", folder.file("states")})),
              AllOf(HasSubstr("of another run"), HasSubstr("--resume")));
  // The run file of another run stays as it is.
  const std::string other_run = R"({"schema":"nanscope.run/1","experiment":{}})"
                                "\n";
  const std::string other = folder.write("other.jsonl", other_run);
  EXPECT_THAT(refused({"train", "--resume", state, "steps=40", "--out", other}),
              HasSubstr("holds something else"));
  EXPECT_EQ(file_bytes(other), other_run);
}

}  // namespace
}  // namespace nanscope
