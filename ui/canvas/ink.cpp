#include "ui/canvas/ink.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

/// Walks along a polyline and draws the parts of it that the pattern leaves on.
class DashPen {
 public:
  DashPen(ImDrawList& list, ImU32 color, float width, Dash dash, float phase)
      : list_(list), color_(color), width_(width), dash_(dash), phase_(phase) {}

  void line(const ImVec2& from, const ImVec2& to) {
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    if (!(length > 0)) return;
    const auto at = [&](float distance) {
      const float t = distance / length;
      return ImVec2{from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t};
    };
    for (float position = 0; position < length;) {
      const bool on = phase_ < dash_.on;
      const float rest = (on ? dash_.on : dash_.on + dash_.off) - phase_;
      const float step = std::min(rest, length - position);
      if (on) list_.AddLine(at(position), at(position + step), color_, width_);
      position += step;
      phase_ += step;
      // Rounding may leave a sliver of a phase, which would make steps of length zero.
      if (phase_ >= dash_.on + dash_.off - 1e-3f) phase_ = 0;
      if (std::abs(phase_ - dash_.on) < 1e-3f) phase_ = dash_.on;
    }
  }

 private:
  ImDrawList& list_;
  ImU32 color_;
  float width_;
  Dash dash_;
  float phase_;
};

}  // namespace

void draw_dashes(ImDrawList& list, const Style& style, std::span<const ImVec2> points, ImU32 color,
                 float width, Dash dash, double skipped) {
  const Dash pattern{units(style, dash.on), units(style, dash.off)};
  DashPen pen(list, color, width, pattern,
              static_cast<float>(std::fmod(skipped, pattern.on + pattern.off)));
  for (std::size_t i = 1; i < points.size(); ++i) pen.line(points[i - 1], points[i]);
}

}  // namespace nanscope
