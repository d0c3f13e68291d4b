// What somebody types who means no good, and what becomes of it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/small_runs.h"

namespace nanscope {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(TypedKeys, WhatIsTypedAndDoesNothingIsRefused) {
  const auto refused = [](const std::vector<std::string>& more) {
    const Outcome outcome = run(train(more), {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(refused({"optimizer.kind=sgd", "optimizer.beta1=0.9"}),
              HasSubstr("optimizer.beta1=0.9: optimizer.beta1 has no effect, as optimizer.kind is "
                        "sgd; it reads optimizer.lr, optimizer.weight_decay."));
  EXPECT_THAT(refused({"optimizer.momentum=0.9"}), HasSubstr("as optimizer.kind is adam"));
  EXPECT_THAT(refused({"loss_scale.interval=5"}), HasSubstr("as loss_scale.kind is none"));
  EXPECT_THAT(refused({"schedule.period=5", "schedule.kind=cosine"}),
              HasSubstr("as schedule.kind is cosine; step reads it"));
  EXPECT_THAT(refused({"schedule.warmup=5"}), HasSubstr("warmup, step, linear, cosine read it"));
  EXPECT_THAT(refused({"optimizers.lr=1"}),
              HasSubstr("optimizers.lr has no effect in training; optimizers reads it, as in "
                        "nanscope plot optimizers."));
  EXPECT_EQ(run({"pytorch", "lab=training", "optimizer.kind=sgd", "optimizer.eps=1"}).status, 2);
  // A file may carry what does nothing, and what acts is taken.
  const TemporaryFolder folder;
  const std::string file = folder.write(
      "e.json", R"({"optimizer":{"kind":"sgd","beta1":0.5},"loss_scale":{"interval":5},)"
                R"("model":{"depth":1,"width":8},"batch":4,"steps":2})");
  EXPECT_EQ(run({"train", file, "optimizer.weight_decay=0.1"}).status, 0);
}

TEST(TypedKeys, WhatDoesNothingIsRefusedByEveryCommand) {
  const TemporaryFolder folder;
  const std::string picture = folder.file("x.png");
  const auto refused = [](const std::vector<std::string>& words) {
    const Outcome outcome = run(words, {.environment = {"NANSCOPE_ENGINE=/nowhere"}});
    EXPECT_EQ(outcome.status, 2) << words[0] << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  for (const std::vector<std::string>& command : {std::vector<std::string>{"signal"},
                                                  {"plan"},
                                                  {"pytorch"},
                                                  {"plot", "signal", "-o", picture}})
    for (const char* pair :
         {"init.cut=2", "init.bias_std=0.1", "data.decimal=comma", "execution=native"}) {
      std::vector<std::string> words = command;
      words.emplace_back(pair);
      EXPECT_THAT(refused(words), AllOf(HasSubstr(pair), HasSubstr("has no effect, as "))) << pair;
    }
  EXPECT_THAT(refused({"signal", "explode", "optimizer.lr=0.1"}),
              HasSubstr("optimizer.lr has no effect in signal; training reads it, as in nanscope "
                        "train."));
  EXPECT_THAT(refused({"plan", "explode", "steps=5"}), HasSubstr("steps has no effect in signal"));
  EXPECT_THAT(refused({"plot", "optimizers", "seed=3", "-o", picture}), HasSubstr("seed has no"));
  EXPECT_THAT(refused({"train", "lab=signal"}),
              HasSubstr("lab=signal: has no effect in nanscope train, which is of lab=training"));
  EXPECT_THAT(refused({"signal", "lab=training"}), HasSubstr("lab=signal here"));
  for (const char* command : {"train", "signal", "plan", "pytorch"})
    EXPECT_THAT(
        refused({command, "view.layer=3"}),
        HasSubstr(std::string("no effect in nanscope ") + command + ", which draws nothing"));
  EXPECT_THAT(refused({"plot", "training", "view.histogram=weight", "-o", picture}),
              HasSubstr("view.histogram has no effect, as lab is training; signal reads it."));
  EXPECT_THAT(refused({"plot", "training", "view.map=weight", "-o", picture}),
              HasSubstr("as statistics is 0"));
  EXPECT_THAT(refused({"plot", "training", "view.zoom=histogram x 0 1", "-o", picture}),
              AllOf(HasSubstr("no effect on histogram, as lab is training, which has loss")));
  EXPECT_THAT(refused({"plot", "signal", "lab=training", "-o", picture}), HasSubstr("lab=signal"));
  const std::string plots = refused({"plot", "signal", "view.plot=foo", "-o", picture});
  EXPECT_THAT(plots, AllOf(HasSubstr("there are forward_variance"), Not(HasSubstr("number_bits"))));
}

TEST(HostileRuns, ABatchOfATablesOwnLeavesOutWhatIsHeldOut) {
  const TemporaryFolder folder;
  std::string rows;
  for (int row = 0; row < 20; ++row) rows += fmt::format("{},{}.5,{}\n", row % 7, row % 3, row % 5);
  const std::string table = folder.write("t.csv", rows);
  const Outcome outcome =
      run({"train", "data.kind=file", "data.path=" + table, "model.depth=1", "steps=2"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("batch is 16: t.csv has no more rows beside the 4 that are"));
  const Outcome all = run({"train", "data.kind=file", "data.held_out=0.9",
                           "data.path=" + folder.write("two.csv", "1,2\n3,4\n")});
  EXPECT_EQ(all.status, 2);
  EXPECT_THAT(all.err, HasSubstr("data.held_out: 0.9 holds out all 2 rows of "));
}

TEST(HostileRuns, WhatIsNotFiniteOfAStateIsNamed) {
  const TemporaryFolder folder;
  const std::string rows =
      folder.write("far.csv",
                   "1e25,2e25,0\n-1e25,1e25,1\n3e25,1e25,0\n-2e25,2e25,1\n"
                   "2e25,-1e25,0\n-1e25,-3e25,1\n1e25,-2e25,0\n-3e25,1e25,1\n");
  const Outcome outcome =
      run({"train", "data.kind=file", "data.path=" + rows, "batch=8", "data.held_out=0",
           "model.width=8", "model.depth=2", "model.norm=batchnorm", "init.scheme=kaiming",
           "model.activation=identity", "steps=3"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              HasSubstr("the norm's running statistics running_var1 of step 0 is inf"));
}

TEST(HostileRuns, RowsWhoseScoresAreNoNumbersAreNotRight) {
  const Outcome outcome =
      run({"train", "data.kind=spiral", "model.depth=1", "model.width=8", "batch=16", "steps=40",
           "optimizer.kind=sgd", "optimizer.lr=1e6", "--json"});
  const json summary = lines_of(outcome.out).back();
  EXPECT_EQ(summary["held_out_loss"], "nan");
  EXPECT_EQ(summary["accuracy"], 0);
  EXPECT_EQ(summary["nan_rows"], 60);
  EXPECT_THAT(run({"train", "data.kind=spiral", "model.depth=1", "model.width=8", "batch=16",
                   "steps=40", "optimizer.kind=sgd", "optimizer.lr=1e6"})
                  .out,
              HasSubstr("For 60 of them a score is nan; these say no class"));
}

TEST(HostileRuns, ASettingThatTheFormatDoesNotHoldIsRefused) {
  const std::vector<std::string> fp16{"precision=fp16", "execution=native"};
  const auto outcome_of = [&](std::vector<std::string> more) {
    more.insert(more.begin(), fp16.begin(), fp16.end());
    return run(train(more));
  };
  for (const char* clip : {"clip.value=1e5", "--change=3:clip.value=1e5"}) {
    const Outcome outcome = outcome_of({clip});
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_THAT(outcome.err,
                AllOf(HasSubstr("clip.value"), HasSubstr("100000 is more than fp16 has"),
                      HasSubstr("it takes a number from 0 to 65504")));
  }
  EXPECT_THAT(outcome_of({"optimizer.kind=rmsprop", "optimizer.weight_decay=1e5"}).err,
              HasSubstr("optimizer.weight_decay: 100000 is more than fp16 has"));
  // What PyTorch calculates with is calculated with, and the run says what became of it.
  for (const char* kind : {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw",
                           "amsgrad", "lion", "lamb", "adabelief", "muon"}) {
    const Outcome outcome = outcome_of({std::string("optimizer.kind=") + kind, "optimizer.lr=1e6",
                                        std::string("optimizer.weight_decay=") +
                                            (std::string_view(kind) == "rmsprop" ? "0" : "1e6")});
    EXPECT_EQ(outcome.status, 0) << kind << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("The run is not finite")) << kind;
  }
}

}  // namespace
}  // namespace nanscope
