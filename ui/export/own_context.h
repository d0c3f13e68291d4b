#pragma once

#include "imgui.h"

namespace nanscope {

/// A Dear ImGui context of a picture's own; the one before comes back when it ends.
class OwnContext {
 public:
  OwnContext();
  ~OwnContext();
  OwnContext(const OwnContext&) = delete;
  OwnContext& operator=(const OwnContext&) = delete;
  bool started() const { return started_; }
  /// A frame of this size; ends with ImGui::Render() or EndFrame().
  void begin_frame(ImVec2 size) const;

 private:
  ImGuiContext* before_;
  ImGuiContext* own_ = nullptr;
  bool started_ = false;
};

}  // namespace nanscope
