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

}  // namespace
}  // namespace nanscope
