#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "engine/experiment/json.h"
#include "harness.h"
#include "imgui_internal.h"
#include "imgui_te_context.h"
#include "paths.h"
#include "screen_text.h"

// A chain in a lecture hall: one step of it, whole, in letters that the last row reads.
namespace nanscope {
namespace {

constexpr const char* kChain = "arange(24).view(2,3,4).transpose(1,2)[:, ::2]";
constexpr const char* kRefused = "arange(24).view(2,3,4).transpose(1,2).view(24)";

/// Plays `steps` with a chain in the hall, in every theme and size.
void in_halls(const std::string& chain, const std::string& view,
              const std::function<void(WindowHarness&, ImGuiTestContext&, ImVec2)>& steps) {
  for (const ThemeId theme : {ThemeId::light, ThemeId::projector})
    for (const ImVec2 size : {ImVec2{1280, 800}, {1920, 1080}}) {
      HarnessOptions options = showing(LabName::tensors, "tensors.expression", chain);
      options.shell.experiment = *with_key(*options.shell.experiment, "tensors.view", view);
      options.shell.settings.theme = theme;
      options.size = size;
      WindowHarness window(options);
      window.run([&](ImGuiTestContext& person) {
        ASSERT_TRUE(window.wait_for_result<TensorRequest>(person));
        person.KeyPress(ImGuiMod_Shift | ImGuiKey_F9);
        person.Yield(5);
        steps(window, person, size);
      });
    }
}

/// Nothing is cut, scrolled, or too small to read in the last row.
void expect_whole(ImGuiTestContext& person, const char* page, ImVec2 size) {
  std::string line;
  EXPECT_GE(smallest_text(&line), size.y / 40) << line << " " << size.x;
  const ImGuiWindow* window = person.WindowInfo(page).Window;
  ASSERT_NE(window, nullptr);
  EXPECT_EQ(window->ScrollMax.y, 0) << size.x;
  EXPECT_EQ(window->ScrollMax.x, 0) << size.x;
  for (const std::string& fault : faults_of_text()) ADD_FAILURE() << fault << " " << size.x;
}

bool has_step(ImGuiTestContext& person, int step) {
  return person.ItemExists(fmt::format("//###hall/**/grid {}", step).c_str());
}

TEST(TensorsHall, OneWholeStepFillsThePlace) {
  in_halls(kChain, "chain", [](WindowHarness&, ImGuiTestContext& person, ImVec2 size) {
    for (int step = 4; step >= 1; --step) {
      for (int other = 1; other <= 4; ++other)
        EXPECT_EQ(has_step(person, other), other == step) << other;
      expect_whole(person, "//###hall/plots/cards", size);
      person.KeyPress(ImGuiKey_PageUp);
      person.Yield(5);
    }
  });
}

/// Its cells are smaller, or fewer.
TEST(TensorsHall, AStepOfManyCellsIsWholeToo) {
  for (const char* typed : {"randn(8,16,64).view(8,16,4,16).transpose(1,2)", "rand(500, 300)"})
    in_halls(typed, "chain", [](WindowHarness& window, ImGuiTestContext& person, ImVec2 size) {
      const auto chain = window.session().view().results.latest<TensorRequest>();
      for (auto step = static_cast<int>(chain->steps.size()); step >= 1; --step) {
        EXPECT_TRUE(has_step(person, step)) << step;
        expect_whole(person, "//###hall/plots/cards", size);
        person.KeyPress(ImGuiKey_PageUp);
        person.Yield(5);
      }
    });
}

TEST(TensorsHall, ARefusedStepIsShownWithItsReason) {
  in_halls(kRefused, "chain", [](WindowHarness& window, ImGuiTestContext& person, ImVec2 size) {
    const auto expect_refused = [&] {
      EXPECT_TRUE(is_on_screen("refused"));
      // Once.
      const std::string letters = letters_within({0, 0, size.x, size.y});
      const std::size_t reason = letters.find("viewsizeisnotcompatible");
      EXPECT_NE(reason, std::string::npos);
      EXPECT_EQ(letters.find("viewsizeisnotcompatible", reason + 1), std::string::npos);
      for (int step = 1; step <= 3; ++step) EXPECT_FALSE(has_step(person, step)) << step;
      expect_whole(person, "//###hall/plots/cards", size);
    };
    expect_refused();
    person.KeyPress(ImGuiKey_PageUp);
    person.Yield(5);
    EXPECT_EQ(window.shell().experiment().view.step, 3);
    EXPECT_TRUE(has_step(person, 3));
    person.KeyPress(ImGuiKey_PageDown);
    person.Yield(5);
    EXPECT_FALSE(window.shell().experiment().view.step);
    expect_refused();
  });
}

TEST(TensorsHall, TheStorageAndTheMemoryOfAChainFillThePlace) {
  in_halls(kChain, "memory", [](WindowHarness& window, ImGuiTestContext& person, ImVec2 size) {
    EXPECT_EQ(window.shell().experiment().view.plot, "tensor_memory");
    expect_whole(person, "//###hall/plots/memory", size);
    person.KeyPress(ImGuiKey_PageDown);
    person.Yield(5);
    EXPECT_EQ(window.shell().experiment().view.plot, "tensor_storage");
    expect_whole(person, "//###hall/plots/memory", size);
  });
}

}  // namespace
}  // namespace nanscope
