#include "ui/labs/training/run_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ui/labs/training/words.h"

namespace nanscope {
namespace {

using ::testing::ElementsAre;

TEST(RunNames, WhatTheFewestRunsHaveComesFirst) {
  std::vector<std::vector<std::string>> settings{
      {"width 16", "scheme kaiming", "learning rate 0.01"},
      {"width 16", "scheme normal", "learning rate 0.01"},
      {"width 16"},
      {}};
  put_what_differs_first(settings);
  EXPECT_THAT(settings[0], ElementsAre("scheme kaiming", "learning rate 0.01", "width 16"));
  EXPECT_THAT(settings[1], ElementsAre("scheme normal", "learning rate 0.01", "width 16"));
  EXPECT_THAT(settings[2], ElementsAre("width 16"));
}

TEST(RunNames, TheValueThatASettingBeganWithStandsBeforeItsChanges) {
  const std::vector<LiveChange> changes{{13, "optimizer.lr", "0.011"},
                                        {18, "optimizer.lr", "0.00399"}};
  std::vector<std::string> settings{changed_words(changes[0]), changed_words(changes[1]),
                                    "scheme kaiming", "learning rate 0.0003"};
  put_beginnings_first(settings, changes);
  EXPECT_THAT(settings, ElementsAre("learning rate 0.0003", "learning rate 0.011 from step 13",
                                    "learning rate 0.00399 from step 18", "scheme kaiming"));
  // One that began as all others did is not among them.
  settings.erase(settings.begin());
  const std::vector<std::string> before = settings;
  put_beginnings_first(settings, changes);
  EXPECT_EQ(settings, before);
}

}  // namespace
}  // namespace nanscope
