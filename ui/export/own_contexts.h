#pragma once

#include "imgui.h"
#include "implot.h"

namespace nanscope {

/// Dear ImGui and ImPlot contexts of a picture's own; the ones before come back when it ends.
class OwnContexts {
 public:
  OwnContexts();
  ~OwnContexts();
  OwnContexts(const OwnContexts&) = delete;
  OwnContexts& operator=(const OwnContexts&) = delete;
  bool started() const { return started_; }
  /// A frame of this size; ends with ImGui::Render() or EndFrame().
  void begin_frame(ImVec2 size) const;

 private:
  ImGuiContext* imgui_before_;
  ImPlotContext* implot_before_;
  ImGuiContext* imgui_ = nullptr;
  ImPlotContext* implot_ = nullptr;
  bool started_ = false;
};

}  // namespace nanscope
