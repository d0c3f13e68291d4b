#include "ui/text/glossary/glossary.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"

// Terms are marked where they stand, say what they are after a rest, and stand in Help > Glossary.
namespace nanscope {
namespace {

HarnessOptions lab_with(LabName lab, const std::string& key = "seed",
                        const std::string& value = "1") {
  HarnessOptions options;
  Experiment experiment;
  experiment.lab = lab;
  options.shell.experiment = *with_key(experiment, key, value);
  return options;
}

/// The term in the inspector, in a list or in one of its tables; "" if it stands nowhere.
std::string place_of(ImGuiTestContext& context, const char* term) {
  for (const char* table : {"", "fields/fields/", "neighbors/neighbors/", "limits/limits/"}) {
    const std::string place = fmt::format("//###inspector/{}term {}", table, term);
    if (context.ItemExists(place.c_str())) return place;
  }
  return "";
}

bool is_marked(ImGuiTestContext& context, const char* term) {
  return !place_of(context, term).empty();
}

bool explains() {
  const ImGuiWindow* tooltip = ImGui::FindWindowByName("##Tooltip_00");
  return tooltip && tooltip->Active;
}

TEST(Glossary, TheSignalLabMarksItsTerms) {
  WindowHarness window(lab_with(LabName::signal));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_for_pass(person));
    person.Yield(2);
    for (const char* term : {"preactivation", "activation_grad", "variance", "subnormal"})
      EXPECT_TRUE(is_marked(person, term)) << term;
  });
}

TEST(Glossary, TheNumbersLabMarksItsTermsAndExplainsThemAfterARest) {
  WindowHarness window(lab_with(LabName::numbers, "numbers.input", "0.1"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(2);
    for (const char* term : {"ulp", "mantissa", "exponent", "epsilon"})
      EXPECT_TRUE(is_marked(person, term)) << term;
    const std::string place = place_of(person, "ulp");
    ASSERT_FALSE(place.empty());
    const ImRect ulp = person.ItemInfo(place.c_str()).RectFull;
    person.MouseMoveToPos({(ulp.Min.x + ulp.Max.x) / 2, (ulp.Min.y + ulp.Max.y) / 2});
    EXPECT_FALSE(explains());
    EXPECT_TRUE(window.wait_until(person, explains));
  });
}

TEST(Glossary, TheTensorsLabMarksItsTerms) {
  WindowHarness window(lab_with(LabName::tensors));
  window.run([&](ImGuiTestContext& person) {
    ASSERT_TRUE(window.wait_until(person, [&] { return is_marked(person, "stride"); }));
    EXPECT_TRUE(is_marked(person, "contiguous"));
    EXPECT_TRUE(is_marked(person, "storage"));
  });
}

TEST(Glossary, TheMenuListsAllTermsAndWhatIsTypedNarrowsThem) {
  WindowHarness window(lab_with(LabName::numbers, "numbers.input", "0.1"));
  window.run([&](ImGuiTestContext& person) {
    person.Yield(2);
    person.MenuClick("//##MainMenuBar/###menu.help/###help.glossary");
    const ImGuiWindow* glossary = ImGui::FindWindowByName("###glossary");
    ASSERT_TRUE(glossary && glossary->Active);
    person.Yield(2);
    const auto height = [&] {
      return person.WindowInfo("//###glossary/terms").Window->ContentSize.y;
    };
    const float whole = height();
    EXPECT_GT(whole, glossary->Size.y);
    person.KeyCharsReplace("decibel");
    person.Yield(2);
    EXPECT_LT(height(), whole / 10);
    person.KeyPress(ImGuiKey_Escape);
    person.Yield(2);
    EXPECT_FALSE(glossary->Active);
  });
}

}  // namespace
}  // namespace nanscope
