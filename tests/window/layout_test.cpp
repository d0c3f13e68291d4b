#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "harness.h"
#include "imgui_te_context.h"
#include "screen_text.h"
#include "screens.h"

// The window on small screens: no words lie on others, and none are cut. The dark theme has the
// light one's measures.
namespace nanscope {
namespace {

using Screens = testing::TestWithParam<std::tuple<ThemeId, ImVec2>>;

std::string name_of_case(const testing::TestParamInfo<std::tuple<ThemeId, ImVec2>>& one) {
  const ImVec2 size = std::get<1>(one.param);
  return fmt::format("{}_{}x{}", name_of(std::get<0>(one.param)), size.x, size.y);
}

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

class Layout : public Screens {};

TEST_P(Layout, NoWordsLieOnOthersOrAreCut) {
  const auto [theme, size] = GetParam();
  WindowHarness window(at_rest(theme, size));
  window.run([&](ImGuiTestContext& person) {
    for (const Screen& screen : all_screens()) {
      ASSERT_TRUE(show_screen(window, person, screen)) << screen.name;
      person.MouseMoveToPos({size.x / 2, size.y - 2});  // no help lies over anything
      person.Yield(2);
      for (const std::string& fault : faults_of_text(long_fields(person)))
        ADD_FAILURE() << screen.name << ": " << fault;
    }
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

INSTANTIATE_TEST_SUITE_P(Screens, Layout,
                         testing::Values(std::tuple(ThemeId::light, ImVec2{1024, 600}),
                                         std::tuple(ThemeId::projector, ImVec2{1024, 600}),
                                         std::tuple(ThemeId::projector, ImVec2{1280, 720})),
                         name_of_case);

/// The share of the pixels that are not of the colour at the edge.
double share_of_ink(const Pixels& pixels) {
  std::size_t ink = 0;
  const std::size_t count = pixels.rgba.size() / 4;
  for (std::size_t i = 0; i < count; ++i)
    ink += !std::equal(&pixels.rgba[4 * i], &pixels.rgba[4 * i + 3], pixels.rgba.data());
  return static_cast<double>(ink) / static_cast<double>(count);
}

class LectureHall : public Screens {};

TEST_P(LectureHall, EveryLabAndViewIsReadFromTheLastRow) {
  const auto [theme, size] = GetParam();
  WindowHarness window(at_rest(theme, size));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
    for (const Screen& screen : all_screens()) {
      ASSERT_TRUE(show_screen(window, person, screen)) << screen.name;
      person.Yield(3);
      EXPECT_GT(share_of_ink(window.look(person)), 0.03) << screen.name;
      std::string line;
      EXPECT_GE(smallest_text(&line), size.y / 40) << screen.name << ": " << line;
      for (const std::string& fault : faults_of_text())
        ADD_FAILURE() << screen.name << ": " << fault;
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Screens, LectureHall,
                         testing::Values(std::tuple(ThemeId::light, ImVec2{1280, 720}),
                                         std::tuple(ThemeId::projector, ImVec2{1920, 1080})),
                         name_of_case);

}  // namespace
}  // namespace nanscope
