#include "ui/shell/type_size.h"

#include <algorithm>
#include <cmath>

namespace nanscope {
namespace {

/// The body's text in pixels at a zoom of 1.
float body_pixels(ThemeId theme, float display_scale) {
  return make_style(theme, Fonts{}).font_size * display_scale;
}

float in_steps(float value, float step) { return std::round(value / step) * step; }

/// The largest text, in pixels, that leaves room for the plots beside the controls. Around the four
/// charts of a lab stand 27 lines of text; a quarter of the height is left for their curves.
float most_text(ImVec2 window) {
  constexpr float kNarrowest = 56, kLowest = 36;  // in lines of text
  return std::min(window.x / kNarrowest, window.y / kLowest);
}

}  // namespace

float type_fit(ThemeId theme, ImVec2 window, float display_scale) {
  if (theme != ThemeId::projector || window.x <= 0 || window.y <= 0) return 1;
  constexpr float kWidth = 1920, kHeight = 1080, kSmallest = 0.6f, kLargest = 4, kStep = 0.05f;
  const float room = std::min(window.x / kWidth, window.y / kHeight) / display_scale;
  const float fit = in_steps(room > 1 ? room : std::sqrt(room), kStep);
  const float most = most_text(window) / body_pixels(theme, display_scale);
  return std::clamp(std::min(fit, most), kSmallest, kLargest);
}

float largest_zoom(ThemeId theme, ImVec2 window, float display_scale) {
  if (window.x <= 0 || window.y <= 0) return 1;
  const float body = body_pixels(theme, display_scale) * type_fit(theme, window, display_scale);
  return std::max(1.0f, std::floor(10 * most_text(window) / body) / 10);
}

float hall_text(ImVec2 window) { return std::ceil(window.y / 40); }

float hall_fit(ThemeId theme, ImVec2 window, float display_scale) {
  constexpr float kSmallest = 0.75f;  // of the body: the smallest text beside the plots
  const float body = std::ceil(hall_text(window) / kSmallest);
  return std::max(body / body_pixels(theme, display_scale), 0.1f);
}

}  // namespace nanscope
