#include <gtest/gtest.h>

#include <vector>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// Help that is in nobody's way.
namespace nanscope {
namespace {

/// The panels that help must leave alone.
std::vector<ImRect> panels_on_screen() {
  std::vector<ImRect> found;
  for (const char* name : {"controls", "plots", "inspector"})
    for (const ImGuiWindow* window : ImGui::GetCurrentContext()->Windows)
      if (std::string(window->Name).ends_with("###" + std::string(name)) && window->WasActive)
        found.push_back(window->Rect());
  return found;
}

/// Rests on each item: its help is there, and covers no panel.
void expect_help_beside_panels(ImGuiTestContext& person, const std::vector<std::string>& items) {
  for (const std::string& item : items) {
    person.MouseMove(item.c_str());
    person.SleepNoSkip(1.0f, 0.1f);
    const auto tooltips = seen_tooltips();
    ASSERT_EQ(tooltips.size(), 1u) << item;
    ASSERT_GE(panels_on_screen().size(), 2u);
    for (const ImRect& panel : panels_on_screen())
      EXPECT_FALSE(tooltips.front()->Rect().Overlaps(panel)) << item;
    person.MouseMoveToPos({5, ImGui::GetIO().DisplaySize.y - 2});
    person.Yield(2);
  }
}

TEST(Help, CoversNoControlNoSentenceAndNoPlot) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
      ShellOptions options;
      options.settings.theme = theme;
      WindowHarness window({.shell = options, .size = size});
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_pass(person));
        // The shortest, and the longest that there are.
        expect_help_beside_panels(
            person, {slider_of("model.depth"), slider_of("batch"), slider_of("init.gain"),
                     choice_of("init.scheme", "normal"), choice_of("data.kind", "normal"),
                     choice_of("model.norm", "none")});
        person.KeyPress(ImGuiMod_Alt | ImGuiKey_3);
        person.Yield(3);
        ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
        expect_help_beside_panels(person, {"//###plots/###chain", "//###controls/###example view",
                                           "//###controls/###example einops"});
        person.KeyPress(ImGuiMod_Alt | ImGuiKey_2);
        person.Yield(3);
        expect_help_beside_panels(
            person, {"//###controls/###input", "//###controls/###formats",
                     "//###controls/###format e4m3fnuz", choice_of("numbers.overflow", "format")});
        person.KeyPress(ImGuiMod_Alt | ImGuiKey_5);
        person.Yield(3);
        expect_help_beside_panels(person, {slider_of("optimizers.step"), "//###controls/###shown"});
      });
    }
}

TEST(Help, SetsItsFormulas) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const auto help_of = [&](const std::string& item) {
      person.MouseMove(item.c_str());
      person.SleepNoSkip(1.0f, 0.1f);
      EXPECT_EQ(seen_tooltips().size(), 1u) << item;
      std::vector<Letter> letters = letters_on_screen();
      std::erase_if(
          letters, [](const Letter& one) { return one.window.find("Tooltip") == one.window.npos; });
      return letters;
    };
    for (const char* key : {"init.gain", "init.scheme"}) {
      const std::string item =
          key == std::string("init.gain") ? slider_of(key) : choice_of(key, "normal");
      const std::vector<Letter> letters = help_of(item);
      ASSERT_FALSE(letters.empty()) << key;
      const float body = ImGui::GetFontSize();
      for (const Letter& one : letters) {
        EXPECT_NE(one.code, '^') << key;
        EXPECT_NE(one.code, '$') << key;
      }
      // An exponent: smaller, and higher than the letter before it.
      const auto raised = [&](std::size_t i) {
        return letters[i].size < 0.85f * body && letters[i].low.y < letters[i - 1].low.y;
      };
      bool any = false;
      for (std::size_t i = 1; i < letters.size(); ++i)
        any = any || ((letters[i].code == '2' || letters[i].code == 'T') && raised(i));
      EXPECT_TRUE(any) << key;
    }
  });
}

TEST(Help, IsSilentOnAControlThatWasJustDragged) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.ItemDragWithDelta(slider_of("init.gain").c_str(), {-30, 0});
    person.SleepNoSkip(2.0f, 0.1f);
    EXPECT_TRUE(seen_tooltips().empty());
    // Who comes back to it is told.
    person.MouseMove(slider_of("model.depth").c_str());
    person.Yield(2);
    person.MouseMove(slider_of("init.gain").c_str());
    person.SleepNoSkip(1.0f, 0.1f);
    EXPECT_EQ(seen_tooltips().size(), 1u);
  });
}

TEST(Help, IsSilentOnWhateverADragEndedOn) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    // To the arrow of the critical gain, on the slider's upper half; and beyond the slider.
    const ImRect track = person.ItemInfo(slider_of("init.gain").c_str()).RectFull;
    const ImRect field = person.ItemInfo(field_of("init.gain").c_str()).RectFull;
    const ImVec2 grab{track.GetCenter().x, track.GetCenter().y};
    for (const ImVec2 end :
         {ImVec2{track.Min.x + 0.237f * track.GetWidth(), track.Min.y + 3}, field.GetCenter()}) {
      person.MouseMoveToPos(grab);
      person.MouseDown();
      person.MouseMoveToPos(end);
      person.SleepNoSkip(1.0f, 0.1f);
      person.MouseUp();
      person.SleepNoSkip(2.0f, 0.1f);
      EXPECT_TRUE(seen_tooltips().empty()) << end.x;
      person.MouseMove(slider_of("model.depth").c_str());
      person.Yield(2);
    }
    person.MouseMove(field_of("init.gain").c_str());
    person.SleepNoSkip(1.0f, 0.1f);
    EXPECT_EQ(seen_tooltips().size(), 1u);
  });
}

TEST(Help, ComesByKeysWhenItIsAskedFor) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.MouseMoveToPos({640, 798});
    person.NavMoveTo(slider_of("model.depth").c_str());
    person.KeyPress(ImGuiKey_RightArrow);
    person.SleepNoSkip(2.0f, 0.1f);
    EXPECT_TRUE(seen_tooltips().empty());
    person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_F1);
    person.SleepNoSkip(1.0f, 0.1f);
    EXPECT_EQ(seen_tooltips().size(), 1u);
    EXPECT_TRUE(is_on_screen("Number of layers"));
    person.KeyPress(ImGuiKey_DownArrow);
    person.SleepNoSkip(1.0f, 0.1f);
    EXPECT_TRUE(seen_tooltips().empty());
  });
}

/// Wherever the pointer rests meanwhile; once that moves on, help is of what it rests on.
TEST(Help, ThatIsAskedForIsOfWhatHasTheFocusUntilThePointerMovesOn) {
  for (const char* rested_on : {"model.depth", "init.gain"}) {
    WindowHarness window;
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.NavMoveTo(slider_of("batch").c_str());
      person.MouseMove(slider_of(rested_on).c_str());
      person.SleepNoSkip(1.0f, 0.1f);
      EXPECT_FALSE(is_on_screen("Samples that go through"));
      person.KeyPress(ImGuiMod_Ctrl | ImGuiKey_F1);
      person.SleepNoSkip(1.0f, 0.1f);
      EXPECT_EQ(seen_tooltips().size(), 1u);
      EXPECT_TRUE(is_on_screen("Samples that go through")) << rested_on;
      person.MouseMove(slider_of("model.width").c_str());
      person.SleepNoSkip(1.0f, 0.1f);
      EXPECT_EQ(seen_tooltips().size(), 1u);
      EXPECT_TRUE(is_on_screen("Units of a layer")) << rested_on;
    });
  }
}

TEST(Help, LeavesWhatWasDoneToBeRead) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector}) {
    WindowHarness window(themed_window(theme, {1280, 800}));
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.MouseMove(slider_of("init.gain").c_str());
      ASSERT_TRUE(window.wait_until(person, [] { return seen_tooltips().size() == 1; }));
      ASSERT_TRUE(window.shell().run_action("edit.copy"));
      person.Yield(3);
      ASSERT_TRUE(is_seen(person, "//###toast 0"));
      ASSERT_EQ(seen_tooltips().size(), 1u);
      const ImRect done = person.GetWindowByRef("//###toast 0")->Rect();
      EXPECT_FALSE(seen_tooltips().front()->Rect().Overlaps(done)) << name_of(theme);
      EXPECT_TRUE(is_on_screen("Multiplies every drawn weight"));
    });
  }
}

TEST(Help, OfAHallNeitherCoversTheCurveNorTheGain) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::dark, ThemeId::projector}) {
    ShellOptions options;
    options.settings.theme = theme;
    WindowHarness window({.shell = options});
    window.run([&](ImGuiTestContext& person) {
      ASSERT_TRUE(window.wait_for_pass(person));
      person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
      person.Yield(3);
      const ImRect track = person.ItemInfo("//###hall/init.gain/##slider").RectFull;
      const auto rest_at = [&](ImVec2 place) {
        person.MouseMoveToPos(place);
        person.SleepNoSkip(0.2f, 0.1f);
        const bool read = !seen_tooltips().empty();
        person.SleepNoSkip(2.5f, 0.1f);
        EXPECT_TRUE(seen_tooltips().empty()) << place.x << ", " << place.y;
        return read;
      };
      EXPECT_TRUE(rest_at({640, 400}));  // on the curve, where it is read first
      rest_at({640, track.Min.y - 30});
      rest_at(track.GetCenter());
      rest_at({track.Min.x + 0.237f * track.GetWidth(), track.Min.y + 3});
      rest_at(person.ItemInfo("//###hall/init.gain/##value").RectFull.GetCenter());
    });
  }
}

}  // namespace
}  // namespace nanscope
