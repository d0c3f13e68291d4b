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
  const std::vector<std::string> run_words{"data.kind=spiral",
                                           "data.held_out=0.1",
                                           "batch=50",
                                           "steps=4000",
                                           "evaluate=100",
                                           "--change",
                                           "500:optimizer.lr=0.01",
                                           "--change",
                                           "2500:optimizer.beta1=0.8"};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  ASSERT_EQ(run(train(with(run_words, {"--out", whole}))).status, 0);
  const std::vector<std::string> keeps{"--out", file, "--checkpoint", place, "--every", "100"};
  const std::vector<std::string> goes_on = with({"train", "--resume", place}, keeps);
  std::mt19937 random(3);
  std::uniform_int_distribution<useconds_t> microseconds(0, 100000);
  constexpr int kKills = 2;  // many more of the engine alone: tests/engine/runs/kill_test.cpp
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
  EXPECT_EQ(summary["steps"], 4000);
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

/// The message of a command line that is refused.
std::string refusal(const std::vector<std::string>& words) {
  const Outcome outcome = run(words);
  EXPECT_EQ(outcome.status, 2) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  return outcome.err;
}

/// The same, with the first such text in its place.
std::string with(std::string text, const std::string& what, const std::string& instead) {
  const std::size_t place = text.find(what);
  EXPECT_NE(place, text.npos) << what;
  return place == text.npos ? text : text.replace(place, what.size(), instead);
}

TEST(Checkpoints, OfAnotherVersionOrDamagedAreRefused) {
  const TemporaryFolder folder;
  const std::string state = folder.file("state.safetensors"), bad = folder.file("bad.safetensors");
  ASSERT_EQ(run(train({"precision=mixed_fp16", "loss_scale.kind=dynamic", "data.kind=moons",
                       "batch=7", "--checkpoint", state}))
                .status,
            0);
  const Checkpoint good = read_checkpoint(state).value();
  const auto refused_text = [&](const std::string& what, const std::string& instead) {
    folder.write("bad.safetensors", with(file_bytes(state), what, instead));
    return refusal({"train", "--resume", bad});
  };
  // As long as what stands there, so that the file's header still fits.
  EXPECT_THAT(refused_text("nanscope.run/1", "nanscope.run/2"),
              AllOf(HasSubstr("nanscope.run/2"), HasSubstr("reads nanscope.run/1")));
  EXPECT_THAT(refused_text("\\\"steps\\\":30,\\\"first", "\\\"steps\\\":99,\\\"first"),
              AllOf(HasSubstr("steps: 99 are done"), HasSubstr("from 0 to 30")));
  const auto refused_tensor = [&](const std::string& name, const std::string& bytes) {
    Checkpoint damaged = good;
    for (SafetensorsBytes& tensor : damaged.tensors)
      if (tensor.name == name) tensor.bytes = bytes + tensor.bytes.substr(bytes.size());
    EXPECT_TRUE(write_checkpoint(bad, damaged));
    return refusal({"train", "--resume", bad, "steps=40"});
  };
  const std::string minus_one(8, '\xff'), nan("\0\0\xc0\x7f", 4);
  EXPECT_THAT(refused_tensor("loss_scale", nan), HasSubstr("numbers in loss_scale"));
  EXPECT_THAT(refused_tensor("loss_scale.skipped", minus_one), HasSubstr("numbers in loss_scale"));
  EXPECT_THAT(refused_tensor("rows", minus_one), HasSubstr("no run leaves such numbers in rows"));
  EXPECT_THAT(refused_tensor("generator", std::string(3000, '\x7f')), HasSubstr("in generator"));
}

TEST(Checkpoints, WhoseRecipeOrNumbersWereEditedAreRefused) {
  const TemporaryFolder folder;
  const std::string state = folder.file("state.safetensors"), bad = folder.file("bad.safetensors");
  ASSERT_EQ(run(train({"--checkpoint", state})).status, 0);
  const std::string bytes = file_bytes(state);
  std::string flipped = bytes;
  flipped[flipped.size() - 5000] ^= 1;
  for (const std::string& edited :
       {flipped, with(bytes, R"(\"kind\":\"adam\")", R"(\"kind\":\"lion\")")}) {
    folder.write("bad.safetensors", edited);
    EXPECT_THAT(refusal({"train", "--resume", bad, "steps=40"}),
                AllOf(HasSubstr("bad.safetensors: is no checkpoint"),
                      HasSubstr("its bytes are not those that were written")));
  }
  folder.write("bad.safetensors", with(with(bytes, "nanscope.hash", "nanscope.hush"),
                                       R"(\"kind\":\"adam\")", R"(\"kind\":\"lion\")"));
  EXPECT_THAT(refusal({"train", "--resume", bad, "steps=40"}),
              AllOf(HasSubstr("it has no nanscope.hash"), HasSubstr("a version that wrote none"),
                    HasSubstr("--checkpoint makes another one")));
  // What other programs write may have a right one.
  Checkpoint other = read_checkpoint(state).value();
  other.experiment.training.optimizer.kind = OptimizerKind::lion;
  ASSERT_TRUE(write_checkpoint(bad, other));
  EXPECT_THAT(refusal({"train", "--resume", bad, "steps=40"}),
              AllOf(HasSubstr("has a tensor v_"), HasSubstr("does not keep")));
  other = read_checkpoint(state).value();
  other.tensors.front().shape = {other.tensors.front().shape[0] * 2,
                                 other.tensors.front().shape[1] / 2};
  ASSERT_TRUE(write_checkpoint(bad, other));
  EXPECT_THAT(refusal({"train", "--resume", bad, "steps=40"}),
              AllOf(HasSubstr("is (32,8), 1024 bytes; the run's is (16,16), 1024 bytes")));
  const std::string picture = folder.write("x.png", "\x89PNG\r\n\x1a\n and so on");
  EXPECT_THAT(refusal({"train", "--resume", picture}),
              AllOf(HasSubstr("x.png: is a picture, and no state"), HasSubstr("nanscope train")));
}

TEST(Checkpoints, ARunDoesNotGoOnWithOtherData) {
  const TemporaryFolder folder;
  const std::string rows = "1,2,3\n2,3,4\n3,5,6\n4,1,2\n5,2,1\n";
  const std::string table = folder.write("t.csv", rows), state = folder.file("state.safetensors"),
                    file = folder.file("run.jsonl");
  const std::vector<std::string> words{"data.kind=file", "data.path=" + table, "data.held_out=0",
                                       "batch=2"};
  std::vector<std::string> kept = train(words);
  kept.insert(kept.end(), {"--checkpoint", state, "--out", file});
  ASSERT_EQ(run(kept).status, 0);
  EXPECT_EQ(lines_of(file_bytes(file))[0]["data"]["bytes"], rows.size());
  const std::string before = file_bytes(file);
  const std::vector<std::string> more{"train", "--resume", state, "steps=40", "--out", file};
  folder.write("t.csv", with(rows, "5,2,1", "5,2,7"));
  EXPECT_THAT(refusal(more), AllOf(HasSubstr("t.csv: has changed since the run began"),
                                   HasSubstr("its 30 bytes are others now")));
  EXPECT_EQ(file_bytes(file), before);
  EXPECT_THAT(run({"train", file}).err, HasSubstr("The run will be another one."));
  folder.write("t.csv", rows + "6,6,6\n");
  EXPECT_THAT(refusal(more), HasSubstr("it held 30 bytes and now holds 36"));
  folder.write("t.csv", rows);
  EXPECT_THAT(run({"train", file}).err, testing::Not(HasSubstr("another one")));
  EXPECT_EQ(run(more).status, 0);
}

TEST(Checkpoints, GoingOnFartherIsAChangeThatTheFileRepeats) {
  const TemporaryFolder folder;
  const std::string state = folder.file("state.safetensors"), file = folder.file("run.jsonl");
  const std::vector<std::string> cosine{"schedule.kind=cosine", "--checkpoint", state, "--out",
                                        file};
  ASSERT_EQ(run(train(cosine)).status, 0);
  const Outcome more = run({"train", "--resume", state, "steps=40", "--out", file, "--json"});
  ASSERT_EQ(more.status, 0) << more.err;
  EXPECT_EQ(lines_of(more.out).back()["changes"][0]["before_step"], 30);
  const std::vector<std::string> lines = step_lines(file);
  const std::string repeated = folder.file("again.jsonl");
  ASSERT_EQ(run({"train", file, "--out", repeated}).status, 0);
  EXPECT_EQ(step_lines(repeated), lines);
  EXPECT_EQ(lines.size(), 41u);  // the change among them
}

TEST(Checkpoints, WhatIsNoneSaysWhatItIs) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl"), state = folder.file("end.safetensors");
  ASSERT_EQ(run(train({"--out", file, "--checkpoint", state})).status, 0);
  EXPECT_THAT(refusal({"train", "--resume", file}),
              AllOf(HasSubstr("run.jsonl: is a run file"), HasSubstr("nanscope train " + file)));
  const Outcome over = run({"train", "--resume", state});
  EXPECT_EQ(over.status, 0);
  EXPECT_THAT(over.out, AllOf(HasSubstr("No step was left to do: 30 were done before."),
                              testing::Not(HasSubstr("a second"))));
  // Nothing that is no checkpoint gives way to one, nothing that is no run to a run.
  for (const char* name : {"d.csv", "weights.safetensors", "notes.txt"}) {
    const std::string other = folder.write(name, "1,2\n");
    EXPECT_THAT(refusal(train({"--checkpoint", other})), HasSubstr("holds no checkpoint"));
    EXPECT_THAT(refusal(train({"--out", other})), HasSubstr("something else than a run"));
    EXPECT_EQ(file_bytes(other), "1,2\n");
  }
  EXPECT_THAT(refusal(train({"--checkpoint", "/dev/null"})),
              AllOf(HasSubstr("/dev/null is a device"), HasSubstr("it takes a folder")));
  EXPECT_EQ(run(train({"--out", file, "--checkpoint", state})).status, 0);
  const Outcome nowhere = run(train({"--checkpoint", "/proc/x"}));
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("/proc/x: cannot be made: "));
}

}  // namespace
}  // namespace nanscope
