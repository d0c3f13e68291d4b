#include "ui/canvas/ink.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nanscope {
namespace {

/// Walks along a polyline and draws the parts of it that the pattern leaves on.
class DashPen {
 public:
  DashPen(ImDrawList& list, ImU32 color, float width, Dash dash)
      : list_(list), color_(color), width_(width), dash_(dash) {}

  void line(const ImVec2& from, const ImVec2& to) {
    const float length = std::hypot(to.x - from.x, to.y - from.y);
    // A line far out of the picture would cost thousands of dashes that nobody sees.
    constexpr float kLongest = 20000;
    if (!(length > 0) || length > kLongest) return;
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
  float phase_ = 0;
};

}  // namespace

void draw_dashes(ImDrawList& list, const Style& style, std::span<const ImVec2> points, ImU32 color,
                 float width, Dash dash) {
  DashPen pen(list, color, width, {units(style, dash.on), units(style, dash.off)});
  for (std::size_t i = 1; i < points.size(); ++i)
    if (!std::isnan(points[i - 1].y) && !std::isnan(points[i].y))
      pen.line(points[i - 1], points[i]);
}

void draw_hatch(ImDrawList& list, const Style& style, const ImVec2& low, const ImVec2& high,
                ImU32 color) {
  list.PushClipRect(low, high, true);
  const float height = high.y - low.y;
  for (float x = low.x - height; x < high.x; x += units(style, 8))
    list.AddLine({x, high.y}, {x + height, low.y}, color, units(style, 1));
  list.PopClipRect();
}

void draw_mark(ImDrawList& list, const Style& style, Mark mark, const ImVec2& center, ImU32 color) {
  const ImU32 edge = ink(style.palette.surface);
  const float line = units(style, 1);
  const auto [x, y] = std::array{center.x, center.y};
  const float r = px(style.marker_size);
  const auto polygon = [&](auto&& points) {
    list.AddConvexPolyFilled(points.data(), static_cast<int>(points.size()), color);
    list.AddPolyline(points.data(), static_cast<int>(points.size()), edge, line,
                     ImDrawFlags_Closed);
  };
  switch (mark) {
    case Mark::circle:
      list.AddCircleFilled(center, r, color);
      list.AddCircle(center, r, edge, 0, line);
      break;
    case Mark::diamond:
      polygon(std::array<ImVec2, 4>{
          {{x, y - r * 1.25f}, {x + r * 1.25f, y}, {x, y + r * 1.25f}, {x - r * 1.25f, y}}});
      break;
    case Mark::square:
      polygon(std::array<ImVec2, 4>{{{x - r * 0.9f, y - r * 0.9f},
                                     {x + r * 0.9f, y - r * 0.9f},
                                     {x + r * 0.9f, y + r * 0.9f},
                                     {x - r * 0.9f, y + r * 0.9f}}});
      break;
    case Mark::triangle:
      polygon(std::array<ImVec2, 3>{
          {{x, y - r * 1.2f}, {x + r * 1.15f, y + r * 0.8f}, {x - r * 1.15f, y + r * 0.8f}}});
      break;
    case Mark::cross:
      list.AddLine({x - r, y - r}, {x + r, y + r}, color, line * 2);
      list.AddLine({x - r, y + r}, {x + r, y - r}, color, line * 2);
      break;
  }
}

namespace {

ImVec2 plate_padding(const Style& style, bool bordered) {
  return bordered ? ImVec2{px(style.spacing * 0.75f), px(style.spacing * 0.375f)}
                  : ImVec2{px(style.spacing * 0.375f), 0};
}

}  // namespace

ImVec2 plate_size(const Style& style, const std::string& label, bool bordered) {
  const ImVec2 text = ImGui::CalcTextSize(label.c_str());
  const ImVec2 padding = plate_padding(style, bordered);
  return {text.x + padding.x * 2, text.y + padding.y * 2};
}

void draw_plate(ImDrawList& list, const Style& style, ImVec2 position, const std::string& label,
                const ImVec4& color, const ImVec2& low, const ImVec2& high, bool bordered) {
  const ImVec2 padding = plate_padding(style, bordered);
  const ImVec2 size = plate_size(style, label, bordered);
  position.x = std::max(low.x, std::min(position.x, high.x - size.x));
  position.y = std::max(low.y, std::min(position.y, high.y - size.y));
  const ImVec2 end{position.x + size.x, position.y + size.y};
  const float rounding = px(style.spacing * 0.375f);
  list.AddRectFilled(position, end, ink(style.palette.surface, bordered ? 1.0f : 0.8f), rounding);
  if (bordered)
    list.AddRect(position, end, ink(color), rounding, units(style, 1.25f), ImDrawFlags_None);
  list.AddText({position.x + padding.x, position.y + padding.y}, ink(color), label.c_str());
}

}  // namespace nanscope
