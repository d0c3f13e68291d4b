#include "engine/experiment/resolve.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "engine/experiment/demos.h"
#include "engine/experiment/json.h"
#include "png_samples.h"
#include "samples.h"

namespace nanscope {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string error_of_words(const std::vector<std::string>& words) {
  const auto experiment = resolve_experiment(words);
  return experiment ? "no error" : to_string(experiment.error());
}

TEST(Resolve, AnOptimizerBringsItsDefaultsWhereNothingElseIsSaid) {
  const auto decay_of = [](const std::vector<std::string>& words) {
    const Experiment experiment = resolve_experiment(words).value();
    EXPECT_EQ(from_json(to_json(experiment)).value(), experiment);
    return experiment.training.optimizer.weight_decay;
  };
  EXPECT_EQ(decay_of({"optimizer.kind=adam"}), 0);
  EXPECT_EQ(decay_of({"optimizer.kind=adamw"}), 0.01);
  EXPECT_EQ(decay_of({"optimizer.kind=adamw", "optimizer.weight_decay=0"}), 0);
  // The order of pairs makes no difference.
  EXPECT_EQ(decay_of({"optimizer.weight_decay=0", "optimizer.kind=adamw"}), 0);
  EXPECT_EQ(decay_of({"optimizer.weight_decay=0.5", "optimizer.kind=muon"}), 0.5);
  EXPECT_EQ(decay_of({"optimizer.kind=adamw", "optimizer.kind=sgd"}), 0);
  const auto lion = resolve_experiment({"optimizer.kind=lion"})->training.optimizer;
  EXPECT_EQ(lion.beta2, 0.99);
  // What stands at a default is no key of its own.
  EXPECT_EQ(changed_training_keys(*resolve_experiment({"optimizer.kind=lion"})),
            std::vector<std::string>{"optimizer.kind"});
}

Experiment demo(const std::string& name) {
  const std::vector<Demo> demos = load_demos().value();
  const auto found = std::find_if(demos.begin(), demos.end(),
                                  [&](const Demo& candidate) { return candidate.name == name; });
  return found->experiment;
}

TEST(Resolve, TakesTheFirstDemoWithoutWords) {
  EXPECT_EQ(resolve_experiment({}).value(), load_demos().value().front().experiment);
}

TEST(Resolve, ChangesThePlainExperimentWithPairs) {
  Experiment wanted;
  wanted.network.model.depth = 9;
  wanted.network.precision = Precision::fp16;
  EXPECT_EQ(resolve_experiment({"model.depth=9", "precision=fp16"}).value(), wanted);
}

TEST(Resolve, LetsLaterWordsWin) {
  Experiment wanted = demo("vanish");
  wanted.network.model.depth = 9;
  EXPECT_EQ(resolve_experiment({"explode", "vanish", "model.depth=8", "model.depth=9"}).value(),
            wanted);
  EXPECT_EQ(resolve_experiment({"model.depth=8", "vanish"}).value(), demo("vanish"));
}

TEST(Resolve, ReadsFilesOfBothKinds) {
  const testing::Folder folder;
  Experiment wanted;
  wanted.network.seed = 77;
  ASSERT_TRUE(write_file_atomically(folder / "a.json", to_json(wanted)));
  ASSERT_TRUE(write_file_atomically(folder / "a.png",
                                    testing::png({testing::experiment_chunk(to_json(wanted))})));
  EXPECT_EQ(resolve_experiment({folder / "a.json"}).value(), wanted);
  EXPECT_EQ(resolve_experiment({folder / "a.png"}).value(), wanted);
  wanted.data.batch = 3;
  EXPECT_EQ(resolve_experiment({folder / "a.json", "batch=3"}).value(), wanted);
}

TEST(Resolve, ReadsAFileWithAnEqualsSignInItsName) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file_atomically(folder / "gain=2.json", "{\"seed\":5}"));
  EXPECT_EQ(resolve_experiment({folder / "gain=2.json"}).value().network.seed, 5u);
}

TEST(Resolve, NamesFileAndKeyOfABrokenExperiment) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file_atomically(folder / "a.json", "{\"modle\":{}}"));
  EXPECT_EQ(error_of_words({folder / "a.json"}),
            (folder / "a.json") + ": modle: no such key; did you mean model?");
  ASSERT_TRUE(write_file_atomically(folder / "b.png", testing::png({})));
  EXPECT_THAT(error_of_words({folder / "b.png"}),
              AllOf(StartsWith(folder / "b.png"), HasSubstr("carries no experiment")));
  ASSERT_TRUE(write_file_atomically(folder / "c.png", testing::png({}).substr(0, 20)));
  EXPECT_THAT(error_of_words({folder / "c.png"}), HasSubstr("ends in the middle"));
  EXPECT_THAT(error_of_words({folder / "."}), HasSubstr("a folder"));
  ASSERT_TRUE(write_file_atomically(folder / "d.csv", "1,2\n"));
  EXPECT_THAT(error_of_words({folder / "d.csv"}), HasSubstr("data.kind=file data.path="));
}

TEST(Resolve, HintsAtTheNearestDemoKeyOrFile) {
  EXPECT_EQ(error_of_words({"explod"}), "explod: no such demo or file; did you mean explode?");
  EXPECT_EQ(error_of_words({"model.dpeth"}),
            "model.dpeth: no such demo or file; did you mean model.depth=VALUE?");
  EXPECT_EQ(error_of_words({"model.dpeth=3"}),
            "model.dpeth: no such key; did you mean model.depth?");
  EXPECT_THAT(error_of_words({"zzzzzzzzzzzz"}), HasSubstr("or a demo: explode, "));
  const testing::Folder folder;
  ASSERT_TRUE(write_file_atomically(folder / "lecture.json", "{}"));
  EXPECT_THAT(error_of_words({folder / "lectrue.json"}),
              HasSubstr("did you mean " + (folder / "lecture.json") + "?"));
}

TEST(Resolve, ExplainsWrongValues) {
  EXPECT_THAT(error_of_words({"model.depth=0"}), StartsWith("model.depth: 0 is not allowed"));
  EXPECT_THAT(error_of_words({"init.gain=nan"}), StartsWith("init.gain: nan is not allowed"));
  EXPECT_THAT(error_of_words({"model.width=1e9"}), StartsWith("model.width: 1e9 is not allowed"));
  EXPECT_THAT(error_of_words({"=3"}), HasSubstr("no such key"));
  EXPECT_THAT(error_of_words({""}), HasSubstr("no such demo or file"));
}

TEST(Resolve, ChecksAcrossKeysOnlyAtTheEnd) {
  EXPECT_THAT(error_of_words({"data.kind=file"}), StartsWith("data.path: is empty"));
  EXPECT_EQ(error_of_words({"data.kind=file", "data.path=x.csv"}), "no error");
  EXPECT_THAT(error_of_words({"data.path=x.csv"}), HasSubstr("add data.kind=file"));
}

TEST(Demos, AreAllThereAndTellTheirStory) {
  const auto demos = load_demos();
  ASSERT_TRUE(demos) << to_string(demos.error());
  EXPECT_GE(demos->size(), 8u);
  EXPECT_EQ(demos->front().name, "explode");
  for (const Demo& demo : *demos) {
    EXPECT_FALSE(demo.title.empty()) << demo.name;
    EXPECT_GT(demo.summary.size(), 40u) << demo.name;
    EXPECT_LT(demo.summary.size(), 260u) << demo.name;
  }
}

TEST(Demos, EveryFileOfTheFolderIsListed) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(NANSCOPE_SOURCE_DIR) + "/assets/demos"))
    files += entry.path().extension() == ".json" && entry.path().filename() != "order.json";
  EXPECT_EQ(load_demos()->size(), files);
}

TEST(Demos, TwoOfThemDifferInPrecisionOnly) {
  EXPECT_THAT(differing_keys(demo("fp16_overflows"), demo("bf16_survives")),
              ::testing::ElementsAre("precision"));
}

TEST(Demos, ABrokenFolderIsAnError) {
  const testing::Folder folder;
  const auto error = [&] {
    const auto demos = load_demos(folder.path().string());
    return demos ? "no error" : to_string(demos.error());
  };
  EXPECT_THAT(error(), HasSubstr("order.json: there is no such file"));
  for (const char* order : {"{}", "[]", "[1]", "x"}) {
    ASSERT_TRUE(write_file_atomically(folder / "order.json", order));
    EXPECT_THAT(error(), HasSubstr("order.json: ")) << order;
  }
  ASSERT_TRUE(write_file_atomically(folder / "order.json", "[\"a\"]"));
  EXPECT_THAT(error(), HasSubstr("a.json: there is no such file"));
  for (const char* demo :
       {"[]", "3", "{}",
        R"({"schema":"nanscope.demo/2","title":"a","summary":"b","experiment":{}})",
        R"({"schema":"nanscope.demo/1","summary":"b","experiment":{}})",
        R"({"schema":"nanscope.demo/1","title":1,"summary":"b","experiment":{}})",
        R"({"schema":"nanscope.demo/1","title":"a","summary":"b"})",
        R"({"schema":"nanscope.demo/1","title":"a","summary":"b","experiment":{"seed":-1}})"}) {
    ASSERT_TRUE(write_file_atomically(folder / "a.json", demo));
    EXPECT_THAT(error(), HasSubstr("a.json: ")) << demo;
  }
  ASSERT_TRUE(write_file_atomically(
      folder / "a.json",
      R"({"schema":"nanscope.demo/1","title":"a","summary":"b","experiment":{"seed":4}})"));
  EXPECT_EQ(load_demos(folder.path().string()).value().at(0).experiment.network.seed, 4u);
}

}  // namespace
}  // namespace nanscope
