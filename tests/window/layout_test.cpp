#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "harness.h"
#include "imgui_te_context.h"
#include "screen_text.h"
#include "screens.h"

// The window on small screens: no words lie on others, and none are cut. The dark theme has the
// light one's measures.
namespace nanscope {
namespace {

struct Looks {
  ThemeId theme;
  ImVec2 size;
};

HarnessOptions at_rest(ThemeId theme, ImVec2 size) {
  HarnessOptions options{.size = size};
  options.shell.settings.theme = theme;
  options.shell.settings.animated = false;  // what moves may cross words
  return options;
}

/// Of the two fields with a list, whose text is longer than they are.
std::vector<ImVec4> long_fields(ImGuiTestContext& person) {
  std::vector<ImVec4> fields;
  for (const char* field : {"//###controls/###formats", "//###controls/###shown"})
    if (const ImGuiTestItemInfo list = person.ItemInfo(field, ImGuiTestOpFlags_NoError); list.ID)
      fields.push_back(list.RectFull.ToVec4());
  return fields;
}

/// Shows each screen, computed once, in all of these looks. `check` names faults with the words.
void look_at_every_screen(
    bool hall, const std::vector<Looks>& all,
    const std::function<void(WindowHarness&, ImGuiTestContext&, const std::string& words)>& check) {
  WindowHarness window(at_rest(all.front().theme, all.front().size));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    if (hall) person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    for (const Screen& screen : all_screens()) {
      ASSERT_TRUE(show_screen(window, person, screen)) << screen.name;
      for (const auto& [theme, size] : all) {
        ASSERT_TRUE(window.shell().run_action(fmt::format("theme.{}", name_of(theme))));
        window.resize(size);
        person.Yield(2);
        person.MouseMoveToPos({size.x / 2, size.y - 2});  // no help lies over anything
        person.Yield(3);
        check(window, person,
              fmt::format("{} in {} at {}x{}", screen.name, name_of(theme), size.x, size.y));
      }
    }
  });
}

TEST(Layout, NoWordsLieOnOthersOrAreCut) {
  look_at_every_screen(false,
                       {{ThemeId::light, {1024, 600}},
                        {ThemeId::projector, {1024, 600}},
                        {ThemeId::projector, {1280, 720}}},
                       [](WindowHarness&, ImGuiTestContext& person, const std::string& screen) {
                         for (const std::string& fault : faults_of_text(long_fields(person)))
                           ADD_FAILURE() << screen << ": " << fault;
                       });
}

TEST(Tags, OfAnExplosionAreReadBesideThreeOtherPlots) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1024, 600}, {1280, 800}, {1920, 1080}}) {
      WindowHarness window(at_rest(theme, size));
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_pass(person));
        person.Yield(3);
        const ImRect card = person.WindowInfo("//###plots/forward_variance").RectFull;
        EXPECT_NE(letters_within(card.ToVec4()).find("overflow:linear36"), std::string::npos)
            << name_of(theme) << " " << size.x;
        const ImRect back = person.WindowInfo("//###plots/backward_variance").RectFull;
        EXPECT_NE(letters_within(back.ToVec4()).find("weightgradient=nan"), std::string::npos)
            << name_of(theme) << " " << size.x;
      });
    }
}

/// The share of the pixels that are not of the colour at the edge.
double share_of_ink(const Pixels& pixels) {
  std::size_t ink = 0;
  const std::size_t count = pixels.rgba.size() / 4;
  for (std::size_t i = 0; i < count; ++i)
    ink += !std::equal(&pixels.rgba[4 * i], &pixels.rgba[4 * i + 3], pixels.rgba.data());
  return static_cast<double>(ink) / static_cast<double>(count);
}

TEST(LectureHall, EveryLabAndViewIsReadFromTheLastRow) {
  look_at_every_screen(
      true, {{ThemeId::light, {1280, 720}}, {ThemeId::projector, {1920, 1080}}},
      [](WindowHarness& window, ImGuiTestContext& person, const std::string& screen) {
        EXPECT_GT(share_of_ink(window.look(person)), 0.03) << screen;
        std::string line;
        EXPECT_GE(smallest_text(&line), ImGui::GetIO().DisplaySize.y / 40)
            << screen << ": " << line;
        for (const std::string& fault : faults_of_text()) ADD_FAILURE() << screen << ": " << fault;
      });
}

}  // namespace
}  // namespace nanscope
