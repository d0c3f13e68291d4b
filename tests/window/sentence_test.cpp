#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/optimizers/paths.h"
#include "harness.h"
#include "imgui_te_context.h"
#include "screen_text.h"
#include "screens.h"

// The sentence above the plots: the first that is read, so in large letters, on two lines if it is
// long.
namespace nanscope {
namespace {

/// The letters above the plots: of the sentence, in its letters' size, and of the hint.
struct Head {
  float sentence = 0, hint = 0;
};

Head head_of(ImGuiTestContext& person, const std::string& hint) {
  const std::vector<Letter> letters = letters_on_screen();
  Head head;
  for (const Letter& one : letters) {
    if (one.window != person.GetWindowByRef("//###plots")->Name) continue;
    if (head.sentence == 0) head.sentence = one.size;
    if (head.hint == 0 && !hint.empty() &&
        hint.starts_with(line_of(letters, one.run).substr(0, 12)))
      head.hint = one.size;
  }
  return head;
}

TEST(Sentence, IsNeverSmallerThanTheHintBelowIt) {
  WindowHarness window(themed_window(ThemeId::light, {1280, 800}));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    int hints = 0;
    for (const Demo& demo : all_demos()) {
      if (demo.experiment.lab == LabName::training) continue;
      ASSERT_TRUE(show_screen(window, person, {demo.name, demo.experiment})) << demo.name;
      ASSERT_TRUE(window.shell().run_action("demo." + demo.name));
      ASSERT_TRUE(window.wait_until(person, [&] { return !window.session().view().working(); }));
      for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
        for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
          ASSERT_TRUE(window.shell().run_action(fmt::format("theme.{}", name_of(theme))));
          window.resize(size);
          person.Yield(4);
          const Head head = head_of(person, demo.summary);
          hints += head.hint > 0;
          EXPECT_GT(head.sentence, 1.05f * head.hint)
              << demo.name << " " << name_of(theme) << " " << size.x;
        }
    }
    EXPECT_GT(hints, 20);
  });
}

TEST(Sentence, OfTwoLinesIsInFullSizeAndMovesNothingBelowIt) {
  HarnessOptions options = themed_window(ThemeId::light, {1280, 800});
  options.shell.experiment = Experiment{};
  options.shell.experiment->lab = LabName::optimizers;
  WindowHarness window(options);
  window.run([&](ImGuiTestContext& person) {
    std::set<float> sizes, tops;
    std::set<bool> long_ones;
    for (const char* lr : {"0.01", "0.0199", "0.05"}) {
      ASSERT_TRUE(window.wait_for_result<PathsRequest>(person));
      person.ItemInputValue("//###controls/optimizers.lr/##value", lr);
      person.Yield(2);
      ASSERT_TRUE(window.wait_for_result<PathsRequest>(person));
      person.Yield(3);
      sizes.insert(head_of(person, "").sentence);
      tops.insert(chart_of(person, "loss_surface").Min.y);
      // "diverges" makes it longer than a line.
      long_ones.insert(is_on_screen("diverges at step"));
    }
    EXPECT_EQ(sizes.size(), 1u) << *sizes.begin();
    EXPECT_GT(*sizes.begin(), 1.2f * ImGui::GetFontSize());
    EXPECT_EQ(tops.size(), 1u);
    EXPECT_EQ(long_ones.size(), 2u);
  });
}

}  // namespace
}  // namespace nanscope
