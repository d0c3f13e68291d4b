#include "app/window/kept_frame.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "imgui_impl_opengl3.h"

namespace nanscope {
namespace {

/// From this share of the pixels on, a frame is drawn in full.
constexpr double kMostlyNew = 0.5;

bool same(const ImVec4& a, const ImVec4& b) {
  return std::tie(a.x, a.y, a.z, a.w) == std::tie(b.x, b.y, b.z, b.w);
}

/// Whether a frame has textures that are not there yet, or somebody else draws in it. Letters that
/// are new to a texture change nothing: Dear ImGui puts them where none was.
bool draws_unknown(const ImDrawData& data) {
  const auto comes = [](const ImTextureData* texture) {
    return texture->Status == ImTextureStatus_WantCreate;
  };
  const auto calls = [](const ImDrawList* list) {
    return std::ranges::any_of(
        list->CmdBuffer, [](const ImDrawCmd& command) { return command.UserCallback != nullptr; });
  };
  return (data.Textures != nullptr && std::ranges::any_of(*data.Textures, comes)) ||
         std::ranges::any_of(data.CmdLists, calls);
}

void clear(const PixelBox& box, int height, const ImVec4& ground) {
  const float color[] = {ground.x, ground.y, ground.z, 1};
  glScissor(box.left, height - box.bottom, box.right - box.left, box.bottom - box.top);
  glClearBufferfv(GL_COLOR, 0, color);
}

}  // namespace

void draw_in_full(ImDrawData& data, const ImVec4& ground) {
  const float color[] = {ground.x, ground.y, ground.z, 1};
  glClearBufferfv(GL_COLOR, 0, color);
  ImGui_ImplOpenGL3_RenderDrawData(&data);
}

FramePart KeptFrame::draw(ImDrawData& data, const ImVec4& ground) {
  const bool known = std::exchange(known_, !draws_unknown(data));
  if (!known_) return draw_all(data, ground);
  const FrameTiles before = std::exchange(tiles_, FrameTiles(data));
  const ImVec4 ground_before = std::exchange(ground_, ground);
  if (!known || !same(ground, ground_before)) return draw_all(data, ground);

  const std::vector<PixelBox> changes = tiles_.changes_since(before);
  if (changes.empty()) return FramePart::nothing;
  double pixels = 0;
  for (const PixelBox& box : changes) pixels += box.area();
  if (pixels > kMostlyNew * tiles_.width() * tiles_.height() || !has_framebuffer())
    return draw_all(data, ground);
  const bool was_fresh = std::exchange(fresh_, true);
  if (was_fresh) {
    draw_changes(data, ground, changes);
  } else {
    const DrawInto into(*kept_);
    draw_in_full(data, ground);
  }
  kept_->copy_to_bound();
  return was_fresh ? FramePart::changes : FramePart::all;
}

FramePart KeptFrame::draw_all(ImDrawData& data, const ImVec4& ground) {
  fresh_ = false;
  draw_in_full(data, ground);
  return FramePart::all;
}

void KeptFrame::draw_changes(ImDrawData& data, const ImVec4& ground,
                             const std::vector<PixelBox>& changes) {
  const DrawInto into(*kept_);
  glEnable(GL_SCISSOR_TEST);
  for (const PixelBox& box : changes) clear(box, tiles_.height(), ground);
  glDisable(GL_SCISSOR_TEST);
  cut_to(data, changes);
  ImGui_ImplOpenGL3_RenderDrawData(&data);
}

bool KeptFrame::has_framebuffer() {
  if (refused_) return false;
  if (kept_ && kept_->width() == tiles_.width() && kept_->height() == tiles_.height()) return true;
  fresh_ = false;
  kept_.reset();
  Result<Framebuffer> framebuffer = Framebuffer::create(tiles_.width(), tiles_.height());
  refused_ = !framebuffer;
  if (framebuffer) kept_.emplace(*std::move(framebuffer));
  return !refused_;
}

}  // namespace nanscope
