#include "ui/labs/training/run_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(RunNames, ABeginningThatIsSharedIsLeftOutUpToAWord) {
  const std::vector<std::string> names{"digits_adam_lr0.001.jsonl", "digits_adam_lr0.003.jsonl",
                                       "digits_sgd.jsonl", "other"};
  EXPECT_EQ(behind_shared_words(names[0], names), "... lr0.001.jsonl");
  EXPECT_EQ(behind_shared_words(names[1], names), "... lr0.003.jsonl");
  EXPECT_EQ(behind_shared_words(names[2], names), "... sgd.jsonl");
  EXPECT_EQ(behind_shared_words(names[3], names), "other");
  const std::vector<std::string> settings{"width 16, learning rate 0.01",
                                          "width 16, learning rate 0.02"};
  EXPECT_EQ(behind_shared_words(settings[0], settings), "... learning rate 0.01");
  // What is the beginning of another name, and twice the same.
  const std::vector<std::string> nested{"a run", "a run again", "a run"};
  EXPECT_EQ(behind_shared_words(nested[0], nested), "... run");
  EXPECT_EQ(behind_shared_words(nested[1], nested), "... again");
  EXPECT_EQ(behind_shared_words("", nested), "");
}

}  // namespace
}  // namespace nanscope
