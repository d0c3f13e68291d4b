#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "tests/app/small_runs.h"
#include "tests/engine/encoded_text.h"

// Files of runs and experiments: in any encoding, and of runs that were not done to their end.
namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(EncodedFiles, ExperimentsAndRunsAreReadInEveryEncoding) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  ASSERT_EQ(run(train({"--out", file, "--change", "9:optimizer.lr=0.5"})).status, 0);
  const std::vector<json> steps = lines_of(run({"train", file, "--json"}).out);
  for (const auto& [name, bytes] : encodings_of(file_bytes(file))) {
    const std::string other = folder.write("other.jsonl", bytes);
    const Outcome again = run({"train", other, "--json"});
    ASSERT_EQ(again.status, 0) << name << again.err;
    const std::vector<json> lines = lines_of(again.out);
    ASSERT_EQ(lines.size(), steps.size()) << name;
    EXPECT_TRUE(std::equal(lines.begin(), lines.end() - 1, steps.begin())) << name;
    EXPECT_THAT(run({"pytorch", other}).out, HasSubstr("if step >= 9:")) << name;
  }
  for (const auto& [name, bytes] : encodings_of(R"({"model":{"depth":3,"width":16},"batch":4})")) {
    const json read = run_json({"signal", folder.write("e.json", bytes), "--json"});
    EXPECT_EQ(read["experiment"]["model"]["depth"], 3) << name;
  }
}

TEST(EncodedFiles, ARunThatIsCutWithinACharacterIsReadAsFarAsItIsWhole) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  ASSERT_EQ(run(train({"--out", file})).status, 0);
  const std::string text = file_bytes(file);
  const std::string part = text.substr(0, text.size() / 2);
  const auto drawn = [&](const std::string& bytes) {
    const Outcome outcome =
        run({"plot", "training", folder.write("cut.jsonl", bytes), "-o", folder.file("x.svg")});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.err;
  };
  const std::string said = drawn(part);
  EXPECT_THAT(said, HasSubstr("steps, which are drawn"));
  for (const bool big : {false, true}) {
    const std::string wide = (big ? "\xfe\xff" : "\xff\xfe") + utf16_of(part, big);
    EXPECT_EQ(drawn(wide.substr(0, wide.size() - 1)), said);
  }
}

/// The file of a run of 30 steps, cut off behind so many.
std::string cut_run(const TemporaryFolder& folder, int steps) {
  const std::string file = folder.file("run.jsonl");
  EXPECT_EQ(run(train({"--out", file, "--force"})).status, 0);
  const std::string bytes = file_bytes(file);
  std::size_t end = 0;
  for (int line = 0; line <= steps; ++line) end = bytes.find('\n', end) + 1;
  return folder.write("cut.jsonl", bytes.substr(0, end));
}

TEST(PlottedRuns, OfARunThatWasStoppedItsStepsAreDrawn) {
  const TemporaryFolder folder;
  const std::string file = cut_run(folder, 12), data = folder.file("data.json");
  const auto drawn = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"plot",   "training", file, "-o", folder.file("x.svg"),
                                   "--json", data};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return std::pair(json::parse(file_bytes(data))["history"]["step"].size(), outcome.err);
  };
  const auto [steps, said] = drawn({});
  EXPECT_EQ(steps, 12u);
  EXPECT_THAT(said, HasSubstr("The run file holds 12 of 30 steps, which are drawn. steps=30"));
  EXPECT_THAT(file_bytes(folder.file("x.svg")), HasSubstr("12"));
  EXPECT_EQ(drawn({"view.smoothing=0.5"}).first, 12u);
  const auto [whole, nothing] = drawn({"steps=30"});
  EXPECT_EQ(whole, 30u);
  EXPECT_THAT(nothing, Not(HasSubstr("run file holds")));
  const auto [other, told] = drawn({"optimizer.lr=0.5"});
  EXPECT_EQ(other, 30u);
  EXPECT_THAT(told, HasSubstr("holds 12 of 30 steps; with what stands beside it this is another"));
  EXPECT_EQ(drawn({"--change", "5:optimizer.lr=0.5"}).first, 12u);
  const Outcome behind = run(
      {"plot", "training", file, "-o", folder.file("x.svg"), "--change", "12:optimizer.lr=0.5"});
  EXPECT_EQ(behind.status, 2);
  EXPECT_THAT(behind.err,
              HasSubstr("--change: 12:optimizer.lr=0.5 is behind the 12 steps that the run file"));
}

TEST(PlottedRuns, OfALongRunNoMoreIsForetoldThanIsDrawn) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  ASSERT_EQ(run(train({"--out", file, "steps=200"})).status, 0);
  std::string bytes = file_bytes(file);
  bytes.resize(bytes.rfind('\n', bytes.size() - 2) + 1);  // as it is while the run goes on
  const std::string steps = "\"steps\":200";
  ASSERT_NE(bytes.find(steps), bytes.npos);
  bytes.replace(bytes.find(steps), steps.size(), "\"steps\":100000000");
  const Outcome outcome =
      run({"plot", "training", folder.write("cut.jsonl", bytes), "-o", folder.file("x.svg")});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("The run file holds 200 of 100000000 steps"));
  EXPECT_THAT(outcome.err, Not(HasSubstr("This will take")));
  EXPECT_THAT(outcome.err, Not(HasSubstr("of 100000000:")));
}

TEST(PlottedRuns, CtrlCDrawsWhatThereIsAndSaysSo) {
  const TemporaryFolder folder;
  const std::string picture = folder.file("x.svg");
  std::vector<std::string> words = train({"steps=100000000", "-o", picture});
  words[0] = "plot";
  words.insert(words.begin() + 1, "training");
  Running program(words, {});
  while (program.err().find("training, step") == std::string::npos && !program.ended())
    usleep(20000);
  program.send(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  EXPECT_EQ(outcome.out, picture + "\n");
}

TEST(PlottedRuns, AreLookedAtWhereAChangeBeginsToLook) {
  const TemporaryFolder folder;
  const std::string data = folder.file("data.json");
  std::vector<std::string> words = train(
      {"--change", "4:statistics=2", "view.look=6", "-o", folder.file("x.svg"), "--json", data});
  words[0] = "plot";
  words.insert(words.begin() + 1, "step_layers");
  const Outcome outcome = run(words);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::ranges::replace(words, std::string("4:statistics=2"), std::string("4:optimizer.lr=0.5"));
  EXPECT_THAT(run(words).err, HasSubstr("view.look has no effect, as statistics is 0"));
  std::ranges::replace(words, std::string("view.look=6"), std::string("view.look=31"));
  std::ranges::replace(words, std::string("4:optimizer.lr=0.5"), std::string("4:statistics=2"));
  EXPECT_THAT(run(words).err, HasSubstr("view.look is 31, and the last step is 29"));
}

TEST(PlottedRuns, APairInFrontOfARunThatDoesNotHoldItIsRefused) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl"), picture = folder.file("x.svg");
  ASSERT_EQ(run(train({"--out", file})).status, 0);
  const Outcome lost = run({"plot", "optimizers", "optimizers.surface=run", file, "-o", picture});
  EXPECT_EQ(lost.status, 2) << lost.err;
  EXPECT_THAT(lost.err, HasSubstr("optimizers.surface=run: has no effect in front of " + file));
  // What the file holds wins, as what stands behind does.
  EXPECT_EQ(run({"plot", "training", "model.width=99", file, "-o", picture}).status, 0);
}

TEST(PlottedRuns, ThatDieEndWhereTheyDieAsInTheWindow) {
  const TemporaryFolder folder;
  const std::string data = folder.file("data.json");
  const Outcome outcome =
      run({"plot", "training", "train_explodes", "-o", folder.file("x.svg"), "--json", data});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json run_data = json::parse(file_bytes(data));
  const int died = run_data["first_nonfinite"]["step"];
  EXPECT_EQ(run_data["history"]["step"].size(), died + 1u);
  EXPECT_LT(died + 1, run_data["experiment"]["steps"]);
  EXPECT_THAT(outcome.err, HasSubstr("The run is not finite from step " + std::to_string(died) +
                                     " on; " + std::to_string(died + 1) + " of "));
}

TEST(PlottedRuns, TakeChangesAsTrainDoes) {
  const TemporaryFolder folder;
  const std::string data = folder.file("data.json"), picture = folder.file("x.svg");
  const auto with_words = [](std::vector<std::string> before, std::vector<std::string> behind) {
    before.insert(before.end(), kSmallRun.begin(), kSmallRun.end());
    before.insert(before.end(), behind.begin(), behind.end());
    return before;
  };
  const std::vector<std::string> change{"--change", "20:optimizer.lr=0.5"};
  const Outcome drawn =
      run(with_words(with_words({"plot", "training", "-o", picture, "--json", data}, change), {}));
  ASSERT_EQ(drawn.status, 0) << drawn.err;
  const std::vector<json> lines =
      lines_of(run(train({"--json", "--change", "20:optimizer.lr=0.5"})).out);
  const json losses = json::parse(file_bytes(data))["history"]["loss"];
  ASSERT_EQ(losses.size(), 30u);
  for (std::size_t i = 0; i < losses.size(); ++i) EXPECT_EQ(losses[i], lines[i]["loss"]) << i;
  EXPECT_THAT(file_bytes(picture), HasSubstr("learning rate 0.5"));
  EXPECT_THAT(run(with_words({"pytorch"}, change)).out, HasSubstr("if step >= 20:"));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"plot", "signal", "explode", "-o", picture},
        {"pytorch", "explode"}}) {
    std::vector<std::string> changed = words;
    changed.insert(changed.end(), change.begin(), change.end());
    const Outcome refused = run(changed);
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, HasSubstr("--change: 20:optimizer.lr=0.5 has no effect, as lab is "));
  }
  EXPECT_THAT(
      run(with_words({"plot", "training", "-o", picture}, {"--change", "90:clip.norm=1"})).err,
      HasSubstr("the run has no step 90"));
}

TEST(ResumedRuns, SayWhatWasDoneBeforeAndNothingThatIsRefused) {
  const TemporaryFolder folder;
  const std::string state = folder.file("end.safetensors");
  EXPECT_THAT(run(train({"--checkpoint", state})).out,
              HasSubstr("nanscope train --resume " + state + " steps=N makes the run longer."));
  const Outcome refused = run({"train", "--resume", state, "optimizer.lr=1"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("this one has done all its 30 steps. steps=N makes it longer; "
                                     "beside that --change 30:KEY=VALUE"));
  EXPECT_THAT(run({"train", "--resume", state, "--change", "5:optimizer.lr=1"}).err,
              HasSubstr("as all 30 are; steps=N makes the run longer"));
  EXPECT_THAT(run({"train", "--resume", state, "--change", "35:optimizer.lr=1"}).err,
              HasSubstr("35:optimizer.lr=1 comes too late, as all 30 steps of the run are done"));
  EXPECT_EQ(run({"train", "--resume", state, "--change", "30:steps=32"}).status, 0);
  const Outcome longer =
      run({"train", "--resume", state, "steps=40", "--change", "30:optimizer.lr=0.5"});
  EXPECT_EQ(longer.status, 0) << longer.err;
  EXPECT_THAT(longer.out, AllOf(HasSubstr("It went on at step 30: 30 steps were done before."),
                                HasSubstr("10 steps in ")));
  EXPECT_THAT(run(train({})).out, Not(HasSubstr("It went on")));
}

TEST(RunFiles, AStepThatNoRunHasIsRefused) {
  const TemporaryFolder folder;
  const std::string file =
      folder.write("run.jsonl", R"({"schema":"nanscope.run/1","experiment":{"steps":3}})"
                                "\n"
                                R"({"step":18446744073709551615,"loss":1})"
                                "\n");
  const Outcome outcome = run({"plot", "training", file, "-o", folder.file("x.svg")});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("18446744073709551615 is no step"));
}

TEST(HeldOut, AShareThatIsNoRowIsSaid) {
  const TemporaryFolder folder;
  const std::string table = folder.write("t.csv", "1,2\n3,4\n5,6\n7,8\n9,1\n2,3\n");
  const auto outcome_of = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"train",   "data.kind=file", "data.path=" + table,
                                   "steps=2", "model.depth=1",  "model.width=8"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  const Outcome none = outcome_of({"data.held_out=0.05"});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err,
              AllOf(HasSubstr("data.held_out: 0.05 of the rows of "),
                    HasSubstr("of which there are 6, is less than half a row, so that none is"),
                    HasSubstr("it takes 0, or 0.083")));
  EXPECT_EQ(outcome_of({"data.held_out=0.084"}).status, 0);
  folder.write("t.csv", "1,2\n3,4\n");
  const Outcome two = outcome_of({});
  EXPECT_EQ(two.status, 0) << two.err;
  EXPECT_THAT(two.err, HasSubstr("data.held_out: of 2 rows none is held out"));
}

TEST(Targets, ANameOfTwoColumnsIsRefused) {
  const TemporaryFolder folder;
  const std::string table =
      folder.write("t.csv", "a,b,a,\"x \"\"y\"\", z\"\n1,2,3,4\n3,4,5,6\n5,6,7,8\n");
  const auto outcome_of = [&](const std::string& target) {
    return run({"train", "data.kind=file", "data.path=" + table, "steps=2", "model.depth=1",
                "model.width=8", "data.target=" + target});
  };
  const Outcome twice = outcome_of("a");
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("2 columns of " + table +
                                   " are called a; give the number of "
                                   "one of them, the first being 1."));
  const Outcome once = outcome_of("x \"y\", z");
  EXPECT_EQ(once.status, 0) << once.err;
  EXPECT_THAT(once.out, AllOf(HasSubstr("header a, b, a, \"x \"\"y\"\", z\""),
                              HasSubstr("columns 1 and 3 are both called a")));
}

TEST(Targets, ANameInAnotherEncodingSaysWhatWasReadAsWhat) {
  const TemporaryFolder folder;
  const std::string rows = folder.write("rows.csv", "L\xe4nge,b\n1,2\n2,4\n3,6\n4,8\n");
  const Outcome outcome = run({"train", "data.kind=file", "data.path=" + rows,
                               "data.target=L\xc3\xa4nge", "batch=2", "steps=1"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("data.target: there is no column L\xc3\xa4nge"),
                    HasSubstr("in whose header, L\\xe4nge, the byte 0xe4 is not UTF-8"),
                    HasSubstr("save it as UTF-8; or give the number of the column, from 1 to 2")));
}

TEST(RunFiles, WhatALinkLeadsToIsSaid) {
  const TemporaryFolder folder;
  const std::string link = folder.file("link.jsonl"), loop = folder.file("loop.json");
  std::filesystem::create_symlink(folder.path() + "/none/run.jsonl", link);
  std::filesystem::create_symlink(loop, loop);
  const Outcome lost = run(train({"--out", link}));
  EXPECT_EQ(lost.status, 1);
  EXPECT_THAT(lost.err, AllOf(HasSubstr("there is no folder"), Not(HasSubstr("disk full"))));
  const Outcome round = run({"signal", loop});
  EXPECT_EQ(round.status, 2);
  EXPECT_THAT(round.err, HasSubstr("loop.json: is a link that leads to no file."));
}

TEST(PlanCommand, AndCostOfSeveralNetworksSayHowMany) {
  EXPECT_THAT(run({"plan", "explode", "networks=3", "seed=5"}).out,
              HasSubstr("3 networks side by side, seeds 5 to 7: the numbers are those of all"));
  EXPECT_THAT(run({"plan", "explode"}).out, Not(HasSubstr("side by side")));
  EXPECT_THAT(run({"cost", "networks=3", "seed=5"}).out,
              HasSubstr("3 networks side by side, seeds 5 to 7: the numbers are those of all"));
  EXPECT_THAT(run({"cost"}).out, Not(HasSubstr("side by side")));
}

}  // namespace
}  // namespace nanscope
