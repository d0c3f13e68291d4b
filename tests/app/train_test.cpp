// nanscope train runs a training run; nanscope pytorch prints the script that does the same.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/app/small_runs.h"

namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Train, PrintsALineAStepAndASummary) {
  const Outcome outcome = run(train({"--json"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const std::vector<json> lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 31u);
  for (int step = 0; step < 30; ++step) {
    const json& line = lines[static_cast<std::size_t>(step)];
    EXPECT_EQ(line["step"], step);
    EXPECT_GT(line["loss"], 0);
    EXPECT_EQ(line["lr"], 0.001);
    EXPECT_GT(line["grad_norm"], 0);
  }
  EXPECT_LT(lines[29]["loss"], lines[0]["loss"]);
  const json& summary = lines.back();
  EXPECT_EQ(summary["schema"], "nanscope.run/1");
  EXPECT_EQ(summary["steps"], 30);
  EXPECT_EQ(summary["stopped"], false);
  EXPECT_GT(summary["steps_per_second"], 0);
  EXPECT_TRUE(summary["first_nonfinite"].is_null());
  constexpr int kParameters = 2 * 16 * 16 + 16;
  EXPECT_EQ(summary["memory"]["parameter"], 4 * kParameters);
  EXPECT_EQ(summary["memory"]["optimizer_state"], 4 * (2 * kParameters + 1));
  // 2 a multiply-add; back two products a layer, but for the gradient of X.
  EXPECT_EQ(summary["flops"]["forward"], 2 * 8 * kParameters);
  EXPECT_EQ(summary["flops"]["backward"], 4 * 8 * kParameters - 2 * 8 * 16 * 16);
}

TEST(Train, ASummaryOpensAsItsExperiment) {
  const std::vector<json> lines = lines_of(run(train({"--json", "optimizer.kind=sgd"})).out);
  const TemporaryFolder folder;
  const std::string file = folder.write("run.json", lines.back().dump());
  EXPECT_EQ(lines_of(run({"train", file, "--json"}).out)[7], lines[7]);
}

TEST(Train, PrintsATableForPeople) {
  const Outcome outcome = run(train({"steps=200", "optimizer.kind=nesterov", "optimizer.lr=1e-4"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("grad norm"), HasSubstr("200 steps in"),
                                 HasSubstr("The loss went from"), HasSubstr("nesterov")));
  EXPECT_LT(std::ranges::count(outcome.out, '\n'), 30);
}

TEST(Train, ALossThatIsNotFiniteIsSaidOnce) {
  const Outcome outcome = run({"train", "explode", "model.width=64", "steps=3"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("not finite: the loss of step 0 is inf"),
                    HasSubstr(" made it, forward in step 0."), HasSubstr(" = sum over i of "),
                    HasSubstr("Worth a try: init.scheme=kaiming, init.scheme=inv_sqrt, "
                              "model.norm=layernorm."),
                    Not(HasSubstr("went from"))));
  // The head and a row a step, then an empty line.
  const std::string table = outcome.out.substr(0, outcome.out.find("\n\n") + 1);
  EXPECT_EQ(std::ranges::count(table, '\n'), 4);
}

TEST(Train, NothingOfTheOptimizerIsWorthATryBeforeItsFirstStep) {
  const Outcome outcome =
      run({"train", "data.kind=spiral", "model.depth=6", "model.width=8", "precision=mixed_fp16",
           "init.scheme=inv_sqrt", "init.gain=50", "steps=5", "batch=16", "model.residual=true"});
  EXPECT_THAT(outcome.out, AllOf(HasSubstr(" made it, forward in step 0."),
                                 HasSubstr("Worth a try: init.gain=1, model.norm=layernorm, "
                                           "precision=mixed_bf16.")));
}

TEST(Train, NamesTheFirstStepThatIsNotFinite) {
  const Outcome outcome = run(train({"--json", "optimizer.kind=sgd", "optimizer.lr=1e6"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const std::vector<json> lines = lines_of(outcome.out);
  const json& first = lines.back()["first_nonfinite"];
  const int step = first["step"];
  EXPECT_GT(step, 0);
  const json& line = lines[static_cast<std::size_t>(step)];
  EXPECT_TRUE(line[first["what"]].is_string()) << line;
  EXPECT_EQ(line[first["what"]], first["value"]);
  EXPECT_EQ(first["worth_a_try"][0], "optimizer.lr=1e+05");
  const json& autopsy = lines.back()["autopsy"];
  EXPECT_LE(autopsy["step"], first["step"]);
  EXPECT_TRUE(autopsy["result"]["value"].is_string()) << autopsy["result"];
  EXPECT_TRUE(autopsy["operands"][0]["value"].is_number()) << autopsy["operands"];
  EXPECT_EQ(autopsy["operands"][0]["bits"].get<std::string>().substr(0, 2), "0x");
  EXPECT_THAT(outcome.err, AllOf(HasSubstr(fmt::format("of step {} is", step)),
                                 HasSubstr("Worth a try: optimizer.lr=")));
  for (int before = 0; before < step; ++before) {
    EXPECT_TRUE(lines[static_cast<std::size_t>(before)]["loss"].is_number());
    EXPECT_TRUE(lines[static_cast<std::size_t>(before)]["grad_norm"].is_number());
  }
}

TEST(Train, BadInputSaysWhatIsAllowed) {
  const auto refused = [](const std::vector<std::string>& more) {
    const Outcome outcome = run(train(more));
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(refused({"steps=0"}), AllOf(HasSubstr("steps: 0"), HasSubstr("from 1 to")));
  EXPECT_THAT(refused({"optimizer.lr=nan"}),
              AllOf(HasSubstr("optimizer.lr: nan"), HasSubstr("from 0 to")));
  EXPECT_THAT(refused({"optimizer.kind=adamm"}), HasSubstr("Did you mean adam?"));
  EXPECT_THAT(refused({"optimizer.beta2=1"}), HasSubstr("optimizer.beta2: 1 is not allowed"));
  EXPECT_THAT(refused({"loss=cross_entropy"}),
              AllOf(HasSubstr("loss: cross_entropy wants classes"), HasSubstr("mse")));
  EXPECT_THAT(refused({"networks=257"}), AllOf(HasSubstr("networks: 257"), HasSubstr("to 256")));
  EXPECT_THAT(refused({"device=cuda"}), HasSubstr("device: cuda"));
  EXPECT_THAT(refused({"--jsn"}), HasSubstr("--json"));
}

TEST(Train, LearnsTheDigitsAndLooksAtWhatIsHeldOut) {
  const Outcome outcome =
      run({"train", "data.kind=digits", "model.depth=2", "model.width=64", "init.scheme=kaiming",
           "steps=200", "evaluate=50", "optimizer.lr=3e-3", "--json"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const std::vector<json> lines = lines_of(outcome.out);
  for (std::size_t step = 0; step < 200; ++step) {
    EXPECT_EQ(lines[step].contains("accuracy"), step % 50 == 0);
    EXPECT_EQ(lines[step].contains("held_out_loss"), step % 50 == 0);
  }
  EXPECT_LT(lines[0]["accuracy"], 0.5);
  EXPECT_GT(lines.back()["accuracy"], 0.9);
  EXPECT_THAT(run({"train", "data.kind=spiral", "steps=3"}).out, HasSubstr("% are right"));
}

TEST(Train, BadTablesSayWhatIsAllowed) {
  const TemporaryFolder folder;
  const std::string table = folder.write("t.csv", "a,b,y\n1,2,0.5\n2,3,1\n3,5,2\n4,1,1\n");
  const auto refused = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"train", "data.kind=file", "data.path=" + table, "batch=2"};
    words.insert(words.end(), more.begin(), more.end());
    // Said before LibTorch is opened, which takes a second.
    const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(refused({"data.target=4"}),
              AllOf(HasSubstr("data.target: there is no column 4"), HasSubstr("from 1 to 3")));
  EXPECT_THAT(refused({"data.target=0"}), HasSubstr("there is no column 0"));
  EXPECT_THAT(refused({"data.path=" + folder.write("u.csv", "height,weight\n1,2\n3,4\n"),
                       "data.target=wieght"}),
              HasSubstr("did you mean weight?"));
  EXPECT_THAT(refused({"loss=cross_entropy"}),
              AllOf(HasSubstr("loss: cross_entropy wants classes"), HasSubstr("row 1"),
                    HasSubstr("0.5"), HasSubstr("loss=mse")));
  EXPECT_THAT(refused({"batch=5", "data.held_out=0"}),
              HasSubstr("batch: 5 is more than the 4 rows"));
  EXPECT_THAT(refused({"batch=4", "data.held_out=0.25"}),
              AllOf(HasSubstr("3 rows"), HasSubstr("1 are held out")));
  EXPECT_THAT(refused({"data.path=/nowhere.csv"}), HasSubstr("/nowhere.csv"));
  EXPECT_THAT(refused({"data.path=" + folder.write("one.csv", "1\n2\n3\n")}),
              HasSubstr("has one column"));
  EXPECT_THAT(refused({"data.path=" + folder.write("nan.csv", "1,2\n2,nan\n")}), HasSubstr("nan"));
  EXPECT_THAT(refused({"data.path=" + folder.write("zero.csv", "1,0\n2,0\n3,0\n"),
                       "loss=cross_entropy", "data.held_out=0"}),
              HasSubstr("two classes"));
}

TEST(Train, SaysAsWhatItsFileWasRead) {
  const TemporaryFolder folder;
  // One name less than columns, as R writes it: the first column is an index, and left out.
  const std::string table = folder.write("t.csv", "a,b\n3,2,3\n9,3,4\n4,5,9\n5,4,7\n");
  const std::vector<std::string> words{"data.kind=file", "data.path=" + table, "batch=2"};
  const std::string doubt = "the first column has no name and was left out as an index";
  EXPECT_THAT(run(train(words)).out, AllOf(HasSubstr("read: 4 rows x 2 columns, header a, b"),
                                           HasSubstr("note: " + doubt)));
  std::vector<std::string> lines = words;
  lines.emplace_back("--json");
  EXPECT_THAT(run(train(lines)).err, HasSubstr(doubt));
}

TEST(Train, ATargetIsAColumnByItsNameOrNumber) {
  const TemporaryFolder folder;
  // A name goes before a number.
  const std::string table = folder.write("t.csv", "a,1,y\n1,5,0.5\n2,3,1\n3,4,2\n4,1,1\n");
  const auto losses = [&](const std::string& target) {
    return lines_of(run(train({"--json", "data.kind=file", "data.path=" + table, "batch=2",
                               "data.header=yes", "data.target=" + target}))
                        .out)[29];
  };
  EXPECT_EQ(losses("y"), losses("3"));
  EXPECT_EQ(losses("y"), losses(""));
  EXPECT_EQ(losses("1"), losses("2"));
  EXPECT_NE(losses("1"), losses("a"));
}

TEST(Train, APlanOfATrainingStepHasLossAndState) {
  std::vector<std::string> words = train({"--json"});
  words.front() = "plan";
  const json plan = run_json(words);
  const json& last = plan["operations"].back();
  EXPECT_EQ(last["kind"], "mse");
  EXPECT_EQ(last["equation"], "L = mean((y_out - T)^2)");
  EXPECT_EQ(last["backward_equation"], "dy_out = 2 (y_out - T) dL / 8");
  EXPECT_GT(plan["total"]["bytes_by_role"]["optimizer_state"], 0);
}

TEST(Train, ALiveChangeActsBeforeItsStepAndIsInTheFile) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  const std::vector<json> plain = lines_of(run(train({"--json"})).out);
  const Outcome outcome = run(train({"--json", "--out", file, "--change", "20:optimizer.lr=0.5",
                                     "--change", "10:clip.norm=0.125"}));
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const std::vector<json> lines = lines_of(outcome.out);
  for (std::size_t step = 0; step < 30; ++step) {
    EXPECT_EQ(lines[step]["lr"], step < 20 ? 0.001 : 0.5);
    // What is measured before the first change's own step is the same.
    if (step <= 10) {
      EXPECT_EQ(lines[step], plain[step]);
    }
  }
  EXPECT_NE(lines[22]["loss"], plain[22]["loss"]);
  EXPECT_EQ(lines.back()["changes"].size(), 2u);

  const std::vector<json> kept = lines_of(file_bytes(file));
  ASSERT_EQ(kept.size(), 1u + 30 + 2 + 1);  // header, steps, changes, summary
  EXPECT_EQ(kept[0]["schema"], "nanscope.run/1");
  EXPECT_EQ(kept[11]["change"], "clip.norm");  // before step 10
  EXPECT_EQ(kept[11]["before_step"], 10);
  EXPECT_EQ(kept[12]["step"], 10);
  EXPECT_EQ(kept.back(), lines.back());
  EXPECT_EQ(kept[0]["experiment"]["lab"], "training");
  // The file is the whole recipe: its run is the same to the bit.
  const std::vector<json> repeated = lines_of(run({"train", file, "--json"}).out);
  EXPECT_TRUE(std::equal(lines.begin(), lines.end() - 1, repeated.begin()));
  // Whatever it is called; what draws the run as it began says so.
  const std::string other = folder.file("kept.txt");
  std::filesystem::copy_file(file, other);
  EXPECT_EQ(lines_of(run({"train", other, "--json"}).out).at(22), lines[22]);
  EXPECT_THAT(run({"plot", "signal", other, "-o", folder.file("x.png")}).err,
              HasSubstr("2 changes are left out here"));
  const Outcome script = run({"pytorch", other});
  EXPECT_EQ(script.err, "");
  EXPECT_THAT(script.out,
              AllOf(HasSubstr("    if step == 10:  # clip.norm=0.125\n"
                              "        clip_norm = 0.125\n"),
                    HasSubstr("    if step >= 20:\n        return learning_rate_20(step)"),
                    HasSubstr("def learning_rate_20(step):\n    return 0.5\n")));
  EXPECT_EQ(repeated.back()["changes"], lines.back()["changes"]);
}

TEST(Train, LinesOfStatisticsTellTheConditionOfTheWeights) {
  const std::vector<json> lines = lines_of(run(train({"--json", "statistics=2"})).out);
  for (std::size_t step = 0; step < 30; ++step)
    EXPECT_EQ(lines[step].contains("condition_number"),
              step == 0 || step == 2 || step == 4 || step == 8 || step == 16)
        << step;
  for (const json& line : {lines[0], lines[16], lines.back()}) {
    EXPECT_GE(line["condition_number"]["largest"], line["condition_number"]["median"]);
    EXPECT_GE(line["condition_number"]["median"], 1);
  }
  EXPECT_FALSE(lines_of(run(train({"--json"})).out).back().contains("condition_number"));
  // A live change; what is measured is the same to the bit.
  const std::vector<json> later =
      lines_of(run(train({"--json", "--change", "11:statistics=2"})).out);
  EXPECT_FALSE(later[10].contains("layers"));
  for (std::size_t step = 12; step < 30; ++step) EXPECT_EQ(later[step], lines[step]) << step;
}

TEST(Train, ARunIsMadeLongerAtItsEndAsIfItHadBeenSoLong) {
  const std::vector<json> whole = lines_of(run(train({"--json", "steps=40"})).out);
  const std::vector<json> longer = lines_of(
      run(train({"--json", "--change", "30:steps=40", "--change", "35:clip.norm=9e9"})).out);
  ASSERT_EQ(longer.size(), whole.size());
  EXPECT_TRUE(std::equal(whole.begin(), whole.end() - 1, longer.begin()));
}

TEST(Train, AnExperimentMayStandBehindAChange) {
  const Outcome outcome = run(
      {"train", "--change", "3:optimizer.lr=0.5", "data.kind=teacher", "model.width=8", "steps=5"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST(Train, TheScriptKeepsSumsOfNarrowGradientsInTheirFormat) {
  const std::string rounds = "tensor.grad = to_format(tensor.grad)";
  const std::vector<std::string> words{"pytorch", "lab=training", "precision=e4m3",
                                       "model.width=8"};
  EXPECT_THAT(run(words).out, Not(HasSubstr(rounds)));
  std::vector<std::string> several = words;
  several.emplace_back("accumulation=2");
  EXPECT_THAT(run(several).out, HasSubstr(rounds));
}

TEST(Train, AnEmptyPathIsRefused) {
  for (const char* option : {"--out", "--checkpoint"}) {
    const Outcome outcome = run(train({option, ""}));
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.err, HasSubstr(std::string(option) + ": the path is empty"));
  }
}

TEST(Train, ARunOfWhichEveryStepIsSkippedSaysThatNothingMoved) {
  const Outcome outcome =
      run(train({"precision=mixed_fp16", "loss_scale.kind=static", "loss_scale.init=1e30"}));
  EXPECT_THAT(outcome.out, HasSubstr("No weight has moved."));
  EXPECT_THAT(outcome.out, HasSubstr("the loss scale ended at 1.00e+30"));
}

TEST(Train, ARunFileIsDrawnInItsLab) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl"), picture = folder.file("run.png");
  ASSERT_EQ(run(train({"--out", file})).status, 0);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"plot", file, "-o", picture},
        {"plot", "loss", file, "-o", picture}})
    EXPECT_EQ(run(words).status, 0) << words[1];
  // Its network at initialization is the Signal lab's.
  EXPECT_EQ(run({"plot", "signal", file, "-o", picture}).status, 0);
  EXPECT_EQ(run({"signal", file}).status, 0);
  // No plot of another lab is its own.
  EXPECT_THAT(run({"train", file, "view.plot=forward_variance"}).err, HasSubstr("lab=signal"));
}

TEST(Train, ARunFileCanBeReadWhileItIsWritten) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  Running program(train({"steps=1000000000", "--out", file}), {});
  while (file_bytes(file).find("\"step\":5,") == std::string::npos && !program.ended())
    usleep(20000);
  program.send(SIGKILL);
  program.wait();
  std::string text = file_bytes(file);
  text.resize(text.rfind('\n'));
  const std::vector<json> lines = lines_of(text);
  ASSERT_GT(lines.size(), 6u);
  EXPECT_EQ(lines[6]["step"], 5);
}

TEST(Train, BadChangesAndFilesSayWhatIsAllowed) {
  const auto refused = [](const std::string& change) {
    const Outcome outcome = run(train({"--change", change}));
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    return outcome.err;
  };
  EXPECT_THAT(refused("10"), HasSubstr("STEP:KEY=VALUE"));
  EXPECT_THAT(refused("x:optimizer.lr=1"), HasSubstr("STEP:KEY=VALUE"));
  EXPECT_THAT(refused("30:optimizer.lr=1"), HasSubstr("a step from 0 to 29"));
  EXPECT_THAT(refused("-1:optimizer.lr=1"), HasSubstr("a run has no step -1; its first is step 0"));
  EXPECT_THAT(refused("3:optimizer.lrr=1"), HasSubstr("did you mean optimizer.lr?"));
  EXPECT_THAT(refused("3:model.depth=4"),
              AllOf(HasSubstr("model.depth does not change"), HasSubstr("optimizer.lr")));
  EXPECT_THAT(refused("3:optimizer.lr=nan"), HasSubstr("optimizer.lr: nan"));
  EXPECT_THAT(refused("3:view.plot=loss"), HasSubstr("view.plot does not change"));
  EXPECT_THAT(refused("31:steps=50"), HasSubstr("a step from 0 to 30"));
  EXPECT_THAT(refused("20:steps=10"), HasSubstr("20 steps are done by then"));
  // Of a run that does not read it.
  EXPECT_THAT(refused("3:optimizer.alpha=0.5"),
              AllOf(HasSubstr("optimizer.kind is adam; it reads optimizer.lr, optimizer.beta1")));
  EXPECT_THAT(refused("3:loss_scale.init=8"), HasSubstr("loss_scale.kind is none"));
  EXPECT_THAT(refused("5.5:optimizer.lr=1"),
              HasSubstr("--change: 5.5 is no step; it takes STEP:KEY=VALUE"));
  EXPECT_THAT(refused("5.5:"), HasSubstr("5.5: is no change; it takes STEP:KEY=VALUE"));
  EXPECT_THAT(refused("5:=1"), HasSubstr("5:=1 has no key"));
  const Outcome nowhere = run(train({"--out", "/nowhere/run.jsonl"}));
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("/nowhere"));
}

TEST(Train, ARunFileGivesWayToARunThatRepeatsIt) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  ASSERT_EQ(run(train({"--out", file})).status, 0);
  EXPECT_EQ(run(train({"--out", file})).status, 0) << "the same run";
  EXPECT_EQ(run(train({"--out", file, "steps=31"})).status, 0) << "and more of it";
  const std::string before = file_bytes(file);
  for (const char* word : {"steps=30", "seed=2", "--change=3:optimizer.lr=1"}) {
    const Outcome outcome = run(train({"--out", file, word}));
    EXPECT_EQ(outcome.status, 2) << word;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("run.jsonl holds 31 steps of a run that this one does "
                                             "not repeat"),
                                   HasSubstr("--force")));
    EXPECT_EQ(file_bytes(file), before);
  }
  EXPECT_EQ(run(train({"--out", file, "steps=3", "--force"})).status, 0);
  EXPECT_EQ(lines_of(file_bytes(file)).size(), 5u);
}

TEST(Train, DamagedLinesOfARunFileAreSaid) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  ASSERT_EQ(run(train({"--out", file})).status, 0);
  std::string text = file_bytes(file);
  text.replace(text.find("{\"step\":3"), 8, "\x01\x02garbled");
  folder.write("run.jsonl", text + "{\"half");
  EXPECT_THAT(run({"train", file, "steps=2"}).err,
              HasSubstr("Line 5 of the run file is damaged and passed over."));
  const std::string empty = folder.write("empty.jsonl", "");
  EXPECT_THAT(run({"train", empty}).err, HasSubstr("empty.jsonl: is empty; an experiment"));
}

TEST(Train, BadRunFilesSayWhatIsAllowed) {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& changes, const std::string& schema) {
    const std::string file = folder.write(
        "run.jsonl", R"({"schema": "nanscope.run/)" + schema +
                         R"(","experiment":{"steps":30},"changes":)" + changes + "}\n");
    const Outcome outcome = run({"train", file}, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("run.jsonl: "));
    return outcome.err;
  };
  const auto change = [&](const std::string& step) {
    return refused(R"([{"change":"optimizer.lr","value":"1","before_step":)" + step + "}]", "1");
  };
  EXPECT_THAT(refused("[]", "2"),
              AllOf(HasSubstr("nanscope.run/2"), HasSubstr("reads nanscope.run/1")));
  EXPECT_THAT(change("-1"), HasSubstr("takes a whole number from 0 on"));
  EXPECT_THAT(change("2.7"), HasSubstr("takes a whole number from 0 on"));
  EXPECT_THAT(change("99"), HasSubstr("99:optimizer.lr=1: the run has no step 99"));
  EXPECT_THAT(refused(R"([{"change":"optimizer.lr","before_step":1}])", "1"),
              HasSubstr("has no \"value\""));
  EXPECT_THAT(refused("3", "1"), HasSubstr("changes: 3 is not allowed; it takes a list"));
  const std::string headless = folder.write("headless.jsonl", R"({"step": 0,"loss":1})"
                                                              "\n");
  EXPECT_THAT(run({"train", headless}).err,
              HasSubstr("headless.jsonl: holds steps of a run without the line before them"));
}

TEST(Train, AShorterRunOfAFileLeavesOutWhatIsBehindItsEnd) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl");
  // Whatever their order.
  ASSERT_EQ(run(train({"--change", "35:clip.norm=1", "--change", "10:clip.norm=2", "--change",
                       "30:steps=40", "--out", file}))
                .status,
            0);
  const json summary = lines_of(run({"train", file, "steps=20", "--json"}).out).back();
  EXPECT_EQ(summary["steps"], 20);
  EXPECT_EQ(summary["changes"].size(), 1u);
}

TEST(Train, CtrlCEndsWithASummary) {
  Running program(train({"--json", "steps=1000000000"}), {});
  // Its first lines are there once it trains.
  while (program.out().find("\"step\":5,") == std::string::npos && !program.ended()) usleep(20000);
  program.send(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130) << outcome.err;
  const std::vector<json> lines = lines_of(outcome.out);
  EXPECT_EQ(lines.back()["stopped"], true);
  EXPECT_EQ(lines.back()["steps"], static_cast<int>(lines.size()) - 1);
}

TEST(Train, SaysThatALongRunWillTakeLong) {
  Running program(train({"steps=1000000000"}), {});
  while (program.err().find("predicted") == std::string::npos && !program.ended()) usleep(20000);
  EXPECT_THAT(program.err(), HasSubstr("This will take about"));
  program.send(SIGINT);
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.status, 130);
  EXPECT_THAT(outcome.out, HasSubstr("Stopped before the last of 1000000000 steps"));
}

TEST(Train, PytorchPrintsTheRunsScript) {
  std::vector<std::string> words = train({"optimizer.kind=adamw", "optimizer.weight_decay=0.1"});
  words.front() = "pytorch";
  const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("torch.optim.AdamW(tensors, lr=0.001"),
                                 HasSubstr("weight_decay=0.1"), HasSubstr("F.mse_loss")));
  EXPECT_THAT(run({"pytorch", "explode", "lab=training"}).out, HasSubstr("torch.optim.Adam("));
  // A fused SGD cannot take a first step that is skipped.
  const std::string momentum = "momentum=0.5, dampening=0, weight_decay=0";
  for (const bool scales : {false, true})
    EXPECT_THAT(run({"pytorch", "lab=training", "optimizer.kind=momentum", "optimizer.momentum=0.5",
                     "precision=mixed_fp16",
                     std::string("loss_scale.kind=") + (scales ? "dynamic" : "none")})
                    .out,
                HasSubstr(momentum + (scales ? ")" : ", fused=True)")));
  // A pass at initialization stays one, whatever is set.
  const TemporaryFolder folder;
  const Outcome pass = run({"pytorch", folder.write("e.json", R"({"optimizer":{"lr":0.1}})")});
  EXPECT_THAT(pass.out, Not(HasSubstr("torch.optim")));
  EXPECT_THAT(pass.err, HasSubstr("optimizer.lr: has no effect here"));
}

}  // namespace
}  // namespace nanscope
