#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/names.h"
#include "imgui.h"

namespace nanscope {

enum class ThemeId { light, dark, projector };
template <>
struct Names<ThemeId> {
  static constexpr std::array<std::pair<ThemeId, std::string_view>, 3> all{
      {{ThemeId::light, "light"}, {ThemeId::dark, "dark"}, {ThemeId::projector, "projector"}}};
};

/// Colours by what they mean. Series colours are safe for the colour-blind (Okabe-Ito).
struct Palette {
  ImVec4 window, surface, raised, border, grid;
  ImVec4 text, muted, accent, on_accent;
  ImVec4 measured, predicted, limit;  ///< a curve of tensors, of a formula, of a format's edge
  ImVec4 good, caution, bad;
  std::array<ImVec4, 6> series;
  /// Of number formats, which may all stand in one plot: the series' and more.
  std::array<ImVec4, 14> formats;
  float fading = 0;  ///< 0..1, how far faded() has moved the colours
};

/// Owned by the font atlas.
struct Fonts {
  ImFont* regular = nullptr;
  ImFont* semibold = nullptr;
  ImFont* mono = nullptr;
  ImFont* italic = nullptr;  ///< of regular
};

/// How things look: a value, handed to every plot and widget.
struct Style {
  ThemeId theme = ThemeId::light;
  Palette palette;
  Fonts fonts;
  float font_size = 16;  ///< logical pixels of body text
  float line_width = 2;  ///< of a measured curve
  float marker_size = 3.5f;
  float spacing = 8;  ///< the unit that paddings are multiples of
  /// Pixels: plots draw no text that is smaller, whatever they fit it to.
  float least_text = 0;
};

/// The colours of a theme.
const Palette& palette_of(ThemeId theme);

/// The palette as it looks behind a veil: every colour moved towards the surface, by a `share` of
/// 0..1.
Palette faded(Palette palette, float share);
/// A colour that is not one of the palette's, behind the same veil as these.
ImVec4 veiled(const ImVec4& color, const Palette& palette);

/// Adds Inter and JetBrains Mono to the current context's atlas (the default font where they are
/// not installed).
Fonts load_fonts();

/// The font files of the design that this machine lacks.
std::vector<std::string> missing_fonts();

/// The style of a theme. `zoom` is the person's own text scale (1 = 100 %), not the display's.
Style make_style(ThemeId theme, const Fonts& fonts, float zoom = 1);

/// Writes the style into the current Dear ImGui context. `display_scale` is the monitor's
/// content scale. Can be called before any frame.
void apply(const Style& style, float display_scale = 1);

/// The display scale that was applied last: what sizes in a Style are multiplied by on screen.
float display_scale();

}  // namespace nanscope
