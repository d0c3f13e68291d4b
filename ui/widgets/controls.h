#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "ui/theme/theme.h"

// The widgets that controls are made of: value in, what the person did out. No state of their own
// beyond Dear ImGui's.
namespace nanscope {

/// The style's unit of distance in pixels of this display.
float unit(const Style& style);

/// A value that somebody has a name for: marked on a slider's track, named on hover, and what a
/// plain drag that comes near it takes.
struct SliderLandmark {
  double value = 0;
  std::string words;  ///< with formulas between dollar signs
};

struct SliderSpec {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  bool integer = false;
  std::optional<double> mark = {};  ///< the value that a double click goes back to, on the track
  bool decades = false;             ///< powers of ten written under a logarithmic track
  std::optional<SliderLandmark> landmark = {};
};

/// A thin track with a round grab.
///
/// Dragged, it follows the pointer; slowly dragged it moves less than the pointer, down to a tenth,
/// and with Shift or Alt a tenth of that, with both a hundredth, so that a track of any length
/// reaches every value. Values are rounded to integers, or to the digits that such a drag tells
/// apart. A double click goes back to `mark`, and so does Backspace. With the keyboard's focus left
/// and right step by 1 % of the value (of the range where the track is linear, by 1 for integers);
/// with Shift or Alt by a tenth of such a step, with both by a hundredth, with Ctrl by ten.
/// True if `value` changed.
bool slider(const char* id, const SliderSpec& spec, float width, const Style& style, double* value);

/// The steps that Left and Right ask for while the item drawn last has the keyboard's focus and is
/// not typed into: a slider, or the field with its number.
double arrow_steps();
/// The value after `steps` presses of an arrow key, each 1 % and by 1 for an integer, which has no
/// parts of a step. One that was typed beyond the track's end goes on from there.
double stepped(double value, double steps, const SliderSpec& spec);

/// What a hand can do to a slider: the keys of its name and of how it is done.
std::span<const std::pair<const char*, const char*>> slider_gestures();

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
