#pragma once

#include <span>

#include "imgui.h"
#include "ui/theme/theme.h"

// Sizes, colours and fonts of a style on this screen, and the dashes that Dear ImGui does not have.
namespace nanscope {

/// A size of the style (Style::spacing, Style::line_width) on this screen.
inline float px(float size) { return size * display_scale(); }

/// A size that was designed for the plain style, in which spacing is 8, on this screen.
inline float units(const Style& style, float size) { return px(size * style.spacing / 8); }

inline ImU32 ink(const ImVec4& color, float alpha = 1) {
  return ImGui::ColorConvertFloat4ToU32({color.x, color.y, color.z, color.w * alpha});
}

/// Text size relative to the style's body text.
namespace text_size {
inline constexpr float small = 0.8125f;
inline constexpr float legend = 0.875f;
inline constexpr float body = 1.0f;
}  // namespace text_size

/// Selects a font and a size while it lives.
class ScopedFont {
 public:
  ScopedFont(const Style& style, ImFont* font, float relative_size) {
    ImGui::PushFont(font, style.font_size * relative_size);
  }
  ~ScopedFont() { ImGui::PopFont(); }
  ScopedFont(const ScopedFont&) = delete;
  ScopedFont& operator=(const ScopedFont&) = delete;
};

struct Dash {
  float on = 7;  ///< units of the style
  float off = 4;
};

/// A dashed line, of which `skipped` pixels come before the first point.
void draw_dashes(ImDrawList& list, const Style& style, std::span<const ImVec2> points, ImU32 color,
                 float width, Dash dash, double skipped);

}  // namespace nanscope
