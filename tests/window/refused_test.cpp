#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// What was typed and cannot be stays in its field, with the reason, until it is right or taken
// back.
namespace nanscope {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A field and what is read in it and around it.
struct FieldUnderTest {
  ImGuiTestContext& person;
  std::string path;

  std::string words() const {
    person.Yield(2);
    return letters_within(person.ItemInfo(path.c_str()).RectFull.ToVec4());
  }
  /// Of its panel.
  std::string around() const {
    person.Yield(2);
    return letters_within(person.GetWindowByRef("//###controls")->Rect().ToVec4());
  }
  void type(const char* words) const { person.ItemInputValue(path.c_str(), words); }
};

constexpr const char* kReason = "abcisnotallowed";

TEST(Refused, StaysInItsFieldWithTheReasonUntilItIsRight) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const FieldUnderTest gain{person, field_of("init.gain")};
    gain.type("abc");
    EXPECT_EQ(gain.words(), "abc");
    EXPECT_THAT(gain.around(), HasSubstr(kReason));
    // The message names the control as its label does.
    const ImRect message = person.GetWindowByRef("//###message")->Rect();
    EXPECT_THAT(letters_within(message.ToVec4()), testing::StartsWith("gaininit.gain"));
    person.ItemClick("//###message/###dismiss");
    EXPECT_EQ(gain.words(), "abc");
    EXPECT_EQ(window.shell().dimming(), 0);  // the picture is of the value that holds
    // Another control's change leaves it.
    person.ItemInputValue(field_of("model.depth").c_str(), "7");
    EXPECT_EQ(gain.words(), "abc");
    ASSERT_TRUE(window.wait_for_pass(person));
    EXPECT_EQ(window.shell().dimming(), 0);
    gain.type("1");  // the value that holds
    EXPECT_EQ(gain.words(), "1");
    EXPECT_THAT(gain.around(), Not(HasSubstr(kReason)));
    gain.type("abc");
    gain.type("0.5");
    EXPECT_EQ(gain.words(), "0.5");
    EXPECT_THAT(gain.around(), Not(HasSubstr(kReason)));
    EXPECT_FALSE(window.shell().message());
  });
}

TEST(Refused, IsTakenBackByEscapeInTheFieldAndOutsideAndByTheSlider) {
  WindowHarness window;
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    const FieldUnderTest gain{person, field_of("init.gain")};
    for (const bool in_field : {false, true}) {
      gain.type("abc");
      EXPECT_EQ(gain.words(), "abc");
      if (in_field) person.ItemClick(gain.path.c_str());
      person.KeyPress(ImGuiKey_Escape);
      EXPECT_EQ(gain.words(), "1") << in_field;
      EXPECT_FALSE(window.shell().message());
      EXPECT_EQ(window.shell().dimming(), 0);
    }
    gain.type("abc");
    person.ItemDragWithDelta(slider_of("init.gain").c_str(), {-30, 0});
    EXPECT_THAT(gain.words(), testing::StartsWith("0."));
    EXPECT_THAT(gain.around(), Not(HasSubstr(kReason)));
  });
}

TEST(Refused, TheLastFormatThatIsSwitchedOffLeavesThePicture) {
  WindowHarness window(showing(LabName::numbers, "numbers.formats", "fp16"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(3);
    person.ItemClick("//###controls/###format fp16");
    person.Yield(2);
    EXPECT_TRUE(window.shell().message());
    EXPECT_EQ(window.shell().dimming(), 0);
    const FieldUnderTest list{person, "//###controls/###formats"};
    EXPECT_EQ(list.words(), "fp16");
    list.type("fp16,fp17");
    EXPECT_EQ(list.words(), "fp16,fp17");
  });
}

}  // namespace
}  // namespace nanscope
