#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "paths.h"
#include "runs.h"
#include "screen_text.h"
#include "ui/labs/training/words.h"

// Several networks in the window: a control makes a run a band.
namespace nanscope {
namespace {

TEST(TrainingWindow, NetworksMakeARunABandAndUndoTakesItBack) {
  WindowHarness window(small_run(30));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(wait_for_run(window, person));
    const auto alone = latest(window);
    EXPECT_FALSE(is_on_screen("median of 4 networks, smallest to largest"));
    person.ItemInputValue(field_of("networks").c_str(), "4");
    ASSERT_TRUE(wait_for_run(window, person));
    const auto band = latest(window);
    ASSERT_EQ(band->networks.size(), 4u);
    ASSERT_EQ(band->history->losses.low.size(), 30u);
    ASSERT_TRUE(band->last.losses);
    EXPECT_EQ(band->last.losses->each.front(), alone->last.loss);  // the run of the first seed
    EXPECT_LT(band->last.losses->low, band->last.loss);
    EXPECT_GT(band->last.losses->high, band->last.loss);
    person.Yield(2);
    EXPECT_TRUE(is_on_screen("median of 4 networks, smallest to largest"));
    EXPECT_TRUE(is_on_screen(run_sentence(*band)));
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_Z);
    ASSERT_TRUE(wait_for_run(window, person));
    EXPECT_EQ(window.shell().experiment().network.networks, 1);
    EXPECT_TRUE(latest(window)->networks.empty());
    EXPECT_EQ(latest(window)->last.loss, alone->last.loss);
  });
}

}  // namespace
}  // namespace nanscope
