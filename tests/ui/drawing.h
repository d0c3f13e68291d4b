#pragma once

#include <gtest/gtest.h>

#include "imgui.h"
#include "imgui_impl_null.h"
#include "ui/theme/theme.h"

namespace nanscope {

/// Where a plot lies that is drawn into the frame below.
inline constexpr ImVec2 kCorner{100, 50}, kSize{800, 500};

/// Inside a frame of 1280 x 800 without a window, with the fonts and a style that layouts measure
/// words with.
class Drawing : public testing::Test {
 protected:
  Drawing() {
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui_ImplNull_Init();
    style_ = make_style(ThemeId::light, load_fonts());
    apply(style_);
    ImGui::GetIO().DisplaySize = {1280, 800};
    ImGui_ImplNull_NewFrame();
    ImGui::NewFrame();
  }
  ~Drawing() override {
    ImGui::EndFrame();
    ImGui_ImplNull_Shutdown();
    ImGui::DestroyContext();
  }

  Style style_;
};

}  // namespace nanscope
