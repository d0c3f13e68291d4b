#pragma once

#include "ui/canvas/canvas.h"

namespace nanscope {

/// Draws nothing: for what listens to a drawing.
class SilentCanvas : public Canvas {
 public:
  using Canvas::Canvas;
  void fill(ImVec2, ImVec2, ImU32, float) override {}
  void fade(ImVec2, ImVec2, ImU32, ImU32) override {}
  void outline(ImVec2, ImVec2, ImU32, float, float) override {}
  void polygon(std::span<const ImVec2>, ImU32) override {}
  void text(ImVec2, std::string_view, const TextLook&) override {}
  bool visible(ImVec2, ImVec2) const override { return true; }

 protected:
  void run(std::span<const ImVec2>, ImU32, float) override {}
  void dashed_run(std::span<const ImVec2>, ImU32, float, Dash, double) override {}
  void area(std::span<const ImVec2>, std::span<const ImVec2>, ImU32) override {}
  void begin_clip(ImVec2, ImVec2) override {}
  void end_clip() override {}
};

}  // namespace nanscope
