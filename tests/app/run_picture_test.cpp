#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/small_runs.h"

// Pictures of runs, without a screen.
namespace nanscope {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

TEST(RunPicture, ARunFileIsDrawnWithItsChangesAndItsPictureRepeatsThem) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl"), picture = folder.file("run.svg");
  const std::string png = folder.file("run.png");
  const std::vector<json> lines =
      lines_of(run(train({"--json", "--out", file, "--change", "20:optimizer.lr=0.5", "--change",
                          "10:clip.norm=0.125"}))
                   .out);
  const Outcome drawn = run({"plot", "training", file, "-o", picture});
  ASSERT_EQ(drawn.status, 0) << drawn.err;
  EXPECT_THAT(drawn.err, Not(HasSubstr("left out")));
  for (const char* words : {"learning rate 0.5", "clip norm 0.125"})
    EXPECT_THAT(file_bytes(picture), HasSubstr(words));
  // One plot alone names them, too.
  ASSERT_EQ(run({"plot", "gradient_norm", file, "-o", picture}).status, 0);
  EXPECT_THAT(file_bytes(picture), HasSubstr("clip norm 0.125"));
  // The run again, of a picture of either kind.
  ASSERT_EQ(run({"plot", "loss", file, "-o", png}).status, 0);
  for (const std::string& carries : {picture, png}) {
    const std::vector<json> repeated = lines_of(run({"train", carries, "--json"}).out);
    ASSERT_EQ(repeated.size(), lines.size()) << carries;
    EXPECT_TRUE(std::equal(lines.begin(), lines.end() - 1, repeated.begin())) << carries;
  }
  const std::string again = folder.file("again.svg");
  ASSERT_EQ(run({"plot", picture, "-o", again}).status, 0);
  EXPECT_THAT(file_bytes(again), HasSubstr("learning rate 0.5"));
  // What is behind the end of a shorter run is none of its changes; other labs leave them out.
  ASSERT_EQ(run({"plot", "training", file, "steps=15", "-o", picture}).status, 0);
  EXPECT_THAT(file_bytes(picture), Not(HasSubstr("learning rate 0.5")));
  EXPECT_THAT(run({"plot", "signal", file, "-o", picture}).err, HasSubstr("2 changes are left"));
}

TEST(RunPicture, OfARunThatWasStoppedShowsItsStepsAgain) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl"), data = folder.file("data.json");
  ASSERT_EQ(run(train({"--out", file})).status, 0);
  const std::string whole = file_bytes(file);
  std::size_t end = 0;
  for (int line = 0; line <= 12; ++line) end = whole.find('\n', end) + 1;
  const std::string cut = folder.write("cut.jsonl", whole.substr(0, end));
  for (const char* name : {"cut.png", "cut.svg"}) {
    const std::string picture = folder.file(name);
    ASSERT_EQ(run({"plot", "loss", cut, "-o", picture}).status, 0);
    const auto drawn = [&](const std::vector<std::string>& more) {
      std::vector<std::string> words{"plot", picture, "-o", folder.file("x.svg"), "--json", data};
      words.insert(words.end(), more.begin(), more.end());
      const Outcome outcome = run(words);
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      return std::pair(json::parse(file_bytes(data))["history"]["step"].size(), outcome.err);
    };
    const auto [steps, said] = drawn({});
    EXPECT_EQ(steps, 12u) << name;
    EXPECT_THAT(said, HasSubstr("The picture shows 12 of "));
    if (picture.ends_with(".svg")) {
      EXPECT_GT(drawn({"optimizer.lr=0.25"}).first, 12u);
    }
  }
}

/// The plane through a run is through the one that its file has.
TEST(RunPicture, ThePlaneThroughARunWithChangesIsOfThatRun) {
  const TemporaryFolder folder;
  const std::string file = folder.file("run.jsonl"), data = folder.file("data.json");
  ASSERT_EQ(run(train({"--out", file, "--change", "3:optimizer.lr=0"})).status, 0);
  const auto plane_of = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"plot",
                                   "optimizers",
                                   file,
                                   "optimizers.surface=run",
                                   "optimizers.steps=2",
                                   "-o",
                                   folder.file("plane.svg"),
                                   "--json",
                                   data};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.err, Not(HasSubstr("left out")));
    return json::parse(file_bytes(data))["plane"]["run"];
  };
  const json still = plane_of({});
  EXPECT_NE(still["x"][0], still["x"][3]);
  EXPECT_EQ(still["x"][3], still["x"].back());
  EXPECT_THAT(file_bytes(folder.file("plane.svg")), HasSubstr("with its change on the way"));
  EXPECT_NE(plane_of({"--change", "4:optimizer.lr=0.25"})["x"].back(), still["x"].back());
  const Outcome again = run({"plot", folder.file("plane.svg"), "-o", folder.file("again.svg")});
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(file_bytes(folder.file("again.svg")), HasSubstr("with its 2 changes on the way"));
}

TEST(RunPicture, OfARunWhoseDataChangedSaysSo) {
  const TemporaryFolder folder;
  const std::string rows = folder.file("rows.csv"), file = folder.file("run.jsonl");
  folder.write("rows.csv", "a,b\n1,2\n2,4\n3,6\n4,8\n");
  ASSERT_EQ(run({"train", "data.kind=file", "data.path=" + rows, "batch=2", "data.held_out=0",
                 "model.width=8", "model.depth=1", "steps=4", "--out", file})
                .status,
            0);
  const std::vector<std::string> words{"plot", "training", file, "-o", folder.file("run.svg")};
  const Outcome same = run(words);
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_THAT(same.err, Not(HasSubstr("has changed")));
  folder.write("rows.csv", "a,b\n1,2\n2,4\n3,6\n4,9\n");
  EXPECT_THAT(run(words).err, HasSubstr("has changed since this run was recorded"));
}

/// The plots that a run has where they are asked for, and the table of each.
TEST(RunPicture, EveryPlotHasItsOwnTable) {
  const TemporaryFolder folder;
  const std::string picture = folder.file("run.svg"), csv = folder.file("run.csv");
  const auto table_of = [&](const char* plot, const std::vector<std::string>& more) {
    std::vector<std::string> words{"plot", plot, "lab=training", "-o", picture, "--csv", csv};
    for (const std::vector<std::string>& part :
         {std::vector<std::string>{"data.kind=spiral", "model.width=16", "model.depth=2", "steps=8",
                                   "statistics=4", "precision=mixed_fp16"},
          more})
      words.insert(words.end(), part.begin(), part.end());
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.status, 0) << plot << outcome.err;
    return file_bytes(csv);
  };
  EXPECT_THAT(table_of("loss", {}), HasSubstr("step,loss,lr,grad_norm"));
  EXPECT_THAT(table_of("layers", {}),
              HasSubstr("step,layer,activation,gradient,weight,update\n0,"));
  // Of several networks the one that is chosen: the run of its seed.
  for (const char* plot :
       {"layers", "gradient_magnitudes", "condition_number", "decision_surface"}) {
    const std::string second = table_of(plot, {"networks=2", "view.network=2"});
    EXPECT_THAT(file_bytes(picture), HasSubstr(", seed 2"));
    EXPECT_EQ(second, table_of(plot, {"seed=2"})) << plot;
  }
  const std::string one = table_of("step_layers", {"view.look=5"});
  EXPECT_THAT(one, HasSubstr("\n4,linear 1,"));
  EXPECT_THAT(one, Not(HasSubstr("\n0,")));
  EXPECT_THAT(table_of("gradient_magnitudes", {"view.layer=1", "view.look=4"}),
              HasSubstr("step,layer,low,count\n0,"));
  EXPECT_THAT(file_bytes(picture), HasSubstr("Gradient magnitudes of linear 1 at step 4"));
  table_of("gradient_magnitudes", {"view.layer=3"});
  EXPECT_THAT(file_bytes(picture), HasSubstr("Gradient magnitudes of head at step 7"));
  table_of("training", {"view.layer=1", "view.look=4"});
  EXPECT_THAT(file_bytes(picture), HasSubstr("Gradient magnitudes of linear 1 at step 4"));
  EXPECT_THAT(table_of("decision_surface", {}), HasSubstr("x,y,class,share\n"));
  EXPECT_THAT(table_of("condition_number", {}), HasSubstr("step,largest,median\n0,"));
  EXPECT_THAT(file_bytes(picture), HasSubstr("Condition number of weights by step"));
  const Outcome none = run({"plot", "gradient_magnitudes", "lab=training", "data.kind=spiral",
                            "steps=2", "view.layer=99", "-o", picture});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err, HasSubstr("view.layer: 99 is not there"));
}

}  // namespace
}  // namespace nanscope
