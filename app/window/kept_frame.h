#pragma once

#include <optional>

#include "app/window/frame_tiles.h"
#include "imgui.h"
#include "ui/export/framebuffer.h"

namespace nanscope {

/// How much of a frame was drawn.
enum class FramePart {
  nothing,  ///< it is the frame before
  changes,  ///< what differs from the frame before
  all,
};

/// Draws Dear ImGui's frame over `ground` into the framebuffer that is bound.
void draw_in_full(ImDrawData& data, const ImVec4& ground);

/// Draws the frames of a window for which the processor draws (no graphics card): of a frame that
/// is much like the one before, only what differs. The frame is kept in a framebuffer and copied
/// from there; one that is mostly new goes straight into the window and costs no more than it
/// would. Pixels are those of a frame that is drawn in full.
class KeptFrame {
 public:
  /// Draws Dear ImGui's frame over `ground` into the framebuffer that is bound. Uses the draw data
  /// up. Needs the OpenGL context of Dear ImGui's backend, as does the destructor.
  FramePart draw(ImDrawData& data, const ImVec4& ground);
  /// The window has lost its picture, or a texture other than Dear ImGui's has new pixels: the next
  /// frame is drawn in full.
  void forget() { known_ = false; }

 private:
  FramePart draw_all(ImDrawData& data, const ImVec4& ground);
  void draw_changes(ImDrawData& data, const ImVec4& ground, const std::vector<PixelBox>& changes);
  bool has_framebuffer();

  bool known_ = false;  ///< the tiles and the ground are those of what the window shows
  FrameTiles tiles_;
  ImVec4 ground_;
  std::optional<Framebuffer> kept_;
  bool fresh_ = false;    ///< it holds what the window shows
  bool refused_ = false;  ///< the driver has none of this size
};

}  // namespace nanscope
