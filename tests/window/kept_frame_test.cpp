#include "app/window/kept_frame.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "harness.h"
#include "imgui_impl_opengl3.h"
#include "imgui_te_context.h"
#include "paths.h"

// Frames of which only what changes is drawn are, pixel for pixel, those that are drawn in full.
namespace nanscope {
namespace {

/// A frame's draw lists, copied: what is drawn in parts is used up.
class Copy {
 public:
  explicit Copy(const ImDrawData& data) : data_(data) {
    for (ImDrawList*& list : data_.CmdLists) list = list->CloneOutput();
  }
  ~Copy() {
    for (ImDrawList* list : data_.CmdLists) IM_DELETE(list);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ImDrawData& data() { return data_; }

 private:
  ImDrawData data_;
};

/// Draws every frame twice, in full and as a window does, and compares them.
class Compared {
 public:
  void draw(ImDrawData& data, const ImVec4& ground, bool new_pixels) {
    const auto width = static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x + 0.5f);
    const auto height = static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y + 0.5f);
    if (!window_ || window_->width() != width || window_->height() != height) {
      window_.emplace(*Framebuffer::create(width, height));
      full_.emplace(*Framebuffer::create(width, height));
    }
    if (new_pixels) kept_->forget();
    Copy copy(data);
    Pixels drawn, wanted;
    {
      const DrawInto into(*window_);
      ++parts_[kept_->draw(data, ground)];
      drawn = window_->read();
    }
    {
      const DrawInto into(*full_);
      draw_in_full(copy.data(), ground);
      wanted = full_->read();
    }
    if (drawn.rgba != wanted.rgba) report(drawn, wanted);
  }

  /// The frames since the last question of which so much was drawn.
  int count(FramePart part) { return std::exchange(parts_[part], 0); }
  void step(const std::string& name) { step_ = name; }
  /// While there is an OpenGL context.
  void end() {
    kept_.reset();
    window_.reset();
    full_.reset();
  }

 private:
  void report(const Pixels& drawn, const Pixels& wanted) const {
    const auto at = std::ranges::mismatch(drawn.rgba, wanted.rgba).in1 - drawn.rgba.begin();
    const auto pixel = static_cast<int>(at / 4);
    ADD_FAILURE() << step_ << ": pixel " << pixel % drawn.width << " " << pixel / drawn.width;
  }

  std::optional<KeptFrame> kept_ = KeptFrame();
  std::optional<Framebuffer> window_, full_;
  std::map<FramePart, int> parts_;
  std::string step_;
};

/// To and fro over the plots in the middle.
void hover(ImGuiTestContext& mouse) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  for (int i = 0; i < 8; ++i) {
    mouse.MouseMoveToPos({size.x * (0.4f + 0.04f * static_cast<float>(i)),
                          size.y * (0.3f + 0.05f * static_cast<float>(i))});
    mouse.Yield(2);
  }
}

void drag_gain(ImGuiTestContext& mouse) {
  mouse.MouseMove(slider_of("init.gain").c_str());
  mouse.MouseDown();
  const ImVec2 at = ImGui::GetIO().MousePos;
  for (int i = 1; i <= 4; ++i) {
    mouse.MouseMoveToPos({at.x - 8.0f * static_cast<float>(i), at.y});
    mouse.Yield(2);
  }
  mouse.MouseUp();
}

void preview(ImGuiTestContext& mouse) {
  mouse.KeyPress(ImGuiMod_Ctrl | ImGuiKey_E);
  mouse.Yield(4);
  for (const char* theme : {"dark", "projector", "light"}) {
    mouse.ItemClick(fmt::format("//###export/theme/###{}", theme).c_str());
    mouse.Yield(4);
  }
  mouse.KeyPress(ImGuiKey_Escape);
  mouse.Yield(4);
}

TEST(KeptFrame, DrawsWhatAFullFrameDraws) {
  Compared frames;
  WindowHarness window({.draw = [&](ImDrawData& data, const ImVec4& ground, bool new_pixels) {
    frames.draw(data, ground, new_pixels);
  }});
  window.run([&](ImGuiTestContext& person) {
    const auto run = [&](const char* name, const std::function<void()>& steps) {
      frames.step(name);
      steps();
      person.Yield(3);
    };
    run("begin", [&] { ASSERT_TRUE(window.wait_for_pass(person)); });
    hover(person);
    for (const FramePart part : {FramePart::nothing, FramePart::changes}) frames.count(part);
    run("hover", [&] { hover(person); });
    EXPECT_GE(frames.count(FramePart::changes), 8);
    EXPECT_GE(frames.count(FramePart::nothing), 1);
    run("drag", [&] { drag_gain(person); });
    run("menu", [&] {
      person.MenuAction(ImGuiTestAction_Hover, "//##MainMenuBar/###menu.demo/###demo.tenth");
    });
    run("menu closes", [&] { person.KeyPress(ImGuiKey_Escape); });
    run("theme", [&] { window.shell().run_action("theme.dark"); });
    run("hover in dark", [&] { hover(person); });
    run("size", [&] { window.resize({1001, 707}); });
    run("hover in another size", [&] { hover(person); });
    run("zoom", [&] { window.shell().run_action("view.zoom_in"); });
    run("preview", [&] { preview(person); });
    run("numbers", [&] { person.KeyPress(ImGuiMod_Alt | ImGuiKey_2); });
    run("hover numbers", [&] { hover(person); });
    run("tensors", [&] { person.KeyPress(ImGuiMod_Alt | ImGuiKey_3); });
    run("hover tensors", [&] { hover(person); });
  });
  frames.end();
}

/// A frame of two triangles, one at a place, in a clip rectangle between pixels.
void draw_triangles(Compared& frames, float place, ImVec2 scale) {
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {200, 100};
  io.DisplayFramebufferScale = scale;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui::NewFrame();
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  list.PushClipRect({13.4f, 12.6f}, {170.7f, 87.3f});
  list.AddTriangleFilled({10, 5}, {190, 40}, {60, 95}, IM_COL32(200, 80, 0, 128));
  list.AddTriangleFilled({place, 5}, {place + 25, 30.5f}, {place + 4, 70},
                         IM_COL32(0, 90, 200, 99));
  list.PopClipRect();
  ImGui::Render();
  frames.draw(*ImGui::GetDrawData(), {0.2f, 0.4f, 0.6f, 1}, false);
}

TEST(KeptFrame, CutsAtPixelsAlsoWhereThePointIsNoPixel) {
  Result<HeadlessContext> gl = HeadlessContext::create();
  ASSERT_TRUE(gl);
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ImGui_ImplOpenGL3_Init("#version 330 core");
  for (const float scale : {1.0f, 1.25f, 1.3f, 1.7f, 2.0f}) {
    Compared frames;
    frames.step(std::to_string(scale));
    for (int i = 0; i < 40; ++i)
      draw_triangles(frames, 3.7f * static_cast<float>(i), {scale, scale});
    EXPECT_GE(frames.count(FramePart::changes), 30);
    frames.end();
  }
  ImGui_ImplOpenGL3_Shutdown();
  ImGui::DestroyContext();
}

}  // namespace
}  // namespace nanscope
