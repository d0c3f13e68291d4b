#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ui/theme/theme.h"

// The widgets that controls are made of: value in, what the person did out. No state of their own
// beyond Dear ImGui's.
namespace nanscope {

/// The style's unit of distance in pixels of this display.
float unit(const Style& style);

struct SliderSpec {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  bool integer = false;
  std::optional<double> mark;  ///< a value to mark on the track
  bool decades = false;        ///< powers of ten written under a logarithmic track
};

/// A thin track with a round grab. Dragged values are rounded to three significant digits, or to
/// integers. With the keyboard's focus on it, left and right step (Shift: ten steps at once).
/// True if `value` changed.
bool slider(const char* id, const SliderSpec& spec, float width, const Style& style, double* value);

/// A field that shows `shown` and can be typed into. Returns the text when Enter or leaving the
/// field ends an edit that changed it. `invalid` outlines it.
std::optional<std::string> text_field(const char* id, const std::string& shown, float width,
                                      bool invalid, const Style& style);

/// Names to choose one of, in rows that fill `width`; -1 is none. `marked` gets a small mark, as
/// the track of a slider does. Returns the index of the name that was clicked and is not
/// `selected`.
std::optional<int> choice_grid(const char* id, std::span<const std::string> labels, int selected,
                               float width, const Style& style, int marked = -1);

/// The height of one row of such a grid.
float choice_height(const Style& style);

/// A switch with its label to the right. True if it was flipped.
bool toggle(const char* label, bool on, const Style& style);

/// The button that a dialog is for.
bool primary_button(const char* label, ImVec2 size, const Style& style);

/// A section's heading: small capitals-weight text over a hairline.
void heading(const char* label, const Style& style);

/// Text in a font and a size relative to the body's, in a colour.
void styled_text(std::string_view words, ImFont* font, float relative_size, const ImVec4& color);
/// The same, wrapped at the right edge.
void wrapped_text(std::string_view words, ImFont* font, float relative_size, const ImVec4& color);

/// The text, shortened with "..." to fit `width` in the current font.
std::string fitted(std::string_view words, float width);

}  // namespace nanscope
