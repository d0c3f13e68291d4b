#include "app/window/input_queue.h"

#include <gtest/gtest.h>

#include "imgui.h"
#include "imgui_impl_null.h"

// Chords of which all comes between two frames.
namespace nanscope {
namespace {

class InputQueue : public ::testing::Test {
 protected:
  void SetUp() override {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplNull_Init();
    frame();
  }
  void TearDown() override {
    ImGui_ImplNull_Shutdown();
    ImGui::DestroyContext();
  }

  /// Ends a frame and begins the next.
  static void frame() {
    if (ImGui::GetFrameCount() > 0) ImGui::Render();
    ImGui_ImplNull_NewFrame();
    begin_frame();
  }

  static void ctrl(bool down) {
    ImGui::GetIO().AddKeyEvent(ImGuiMod_Ctrl, down);
    ImGui::GetIO().AddKeyEvent(ImGuiKey_LeftCtrl, down);
  }
  /// A frame earlier than what follows: two changes of one key in a frame are told apart anyway.
  static void hold_ctrl() {
    ctrl(true);
    frame();
  }
  static void key(ImGuiKey key, bool down) { ImGui::GetIO().AddKeyEvent(key, down); }
};

TEST_F(InputQueue, AChordWhoseModifierIsLetGoFirstIsPressed) {
  hold_ctrl();
  key(ImGuiKey_PageDown, true);
  ctrl(false);
  key(ImGuiKey_PageDown, false);
  frame();
  EXPECT_TRUE(ImGui::IsKeyChordPressed(ImGuiMod_Ctrl | ImGuiKey_PageDown));
  EXPECT_TRUE(inputs_wait());
  frame();
  EXPECT_FALSE(ImGui::GetIO().KeyCtrl);
  EXPECT_FALSE(ImGui::IsKeyPressed(ImGuiKey_PageDown));
  EXPECT_FALSE(ImGui::IsKeyDown(ImGuiKey_PageDown));
  EXPECT_FALSE(inputs_wait());
}

TEST_F(InputQueue, ChordsThatFollowOneAnotherAreAllPressed) {
  hold_ctrl();
  for (const ImGuiKey letter : {ImGuiKey_R, ImGuiKey_Z, ImGuiKey_R}) {
    ctrl(true);
    key(letter, true);
    ctrl(false);
    key(letter, false);
  }
  int pressed = 0;
  for (int frames = 0; frames < 20; ++frames) {
    frame();
    for (const ImGuiKey letter : {ImGuiKey_R, ImGuiKey_Z})
      pressed += ImGui::IsKeyChordPressed(ImGuiMod_Ctrl | letter) ? 1 : 0;
  }
  EXPECT_EQ(pressed, 3);
  EXPECT_FALSE(inputs_wait());
}

TEST_F(InputQueue, AKeyAloneWaitsForNothing) {
  key(ImGuiKey_A, true);
  frame();
  EXPECT_TRUE(ImGui::IsKeyPressed(ImGuiKey_A));
  EXPECT_FALSE(inputs_wait());
}

}  // namespace
}  // namespace nanscope
