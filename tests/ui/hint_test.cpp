#include <gtest/gtest.h>

#include "ui/labs/lab_header.h"

// What a demo wants people to look at is said while it is there.
namespace nanscope {
namespace {

constexpr std::string_view kHint = "Every layer multiplies the variance.";

TEST(Hint, GivesWayWhenTheExperimentIsNoLongerTheDemos) {
  const Experiment demo;
  EXPECT_EQ(hint_words(kHint, demo, demo), kHint);
  Experiment changed = demo;
  changed.network.init.scheme = InitScheme::kaiming;
  EXPECT_NE(hint_words(kHint, changed, demo), kHint);
  EXPECT_NE(hint_words(kHint, changed, demo).find("Ctrl+R"), std::string_view::npos);
  changed = demo;
  changed.network.precision = Precision::fp16;
  EXPECT_NE(hint_words(kHint, changed, demo), kHint);
  Experiment chain;
  chain.lab = LabName::tensors;
  changed = chain;
  changed.tensors.expression = "arange(4)";
  EXPECT_NE(hint_words(kHint, changed, chain), kHint);
}

TEST(Hint, StaysWhateverOtherLabsShow) {
  const Experiment demo;
  Experiment changed = demo;
  changed.tensors.expression = "arange(4)";
  changed.numbers.input = "0.7";
  changed.training.optimizer.lr = 0.5;
  EXPECT_EQ(hint_words(kHint, changed, demo), kHint);
}

TEST(Hint, StaysWhateverIsLookedAt) {
  const Experiment demo;
  Experiment looked = demo;
  looked.view.layer = 3;
  looked.compare.on = true;
  looked.compare.changes = {{"init.gain", "2"}};
  looked.lab = LabName::numbers;
  EXPECT_EQ(hint_words(kHint, looked, demo), kHint);
}

TEST(Hint, StaysHoweverOftenARunIsLookedAt) {
  Experiment demo;
  demo.lab = LabName::training;
  Experiment looked = demo;
  looked.training.statistics = 5;
  looked.training.evaluate = 10;
  EXPECT_EQ(hint_words(kHint, looked, demo), kHint);
  looked.training.optimizer.lr = 0.5;
  EXPECT_NE(hint_words(kHint, looked, demo), kHint);
}

TEST(Hint, ThereIsNoneWithoutADemo) {
  Experiment changed;
  changed.network.seed = 7;
  EXPECT_EQ(hint_words("", changed, {}), "");
}

}  // namespace
}  // namespace nanscope
