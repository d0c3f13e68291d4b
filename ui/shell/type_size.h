#pragma once

#include "ui/theme/theme.h"

// How large text is, so that the plots keep their room: numbers of a window's size alone.
namespace nanscope {

/// How much larger (or smaller) than on 1080 lines the projector's type is in a window of this size
/// in pixels: in a larger one it grows with it, in a smaller one it shrinks by less, as far as the
/// plots have room.
/// Other themes are read from near: 1.
float type_fit(ThemeId theme, ImVec2 window, float display_scale);

/// The largest zoom of text that leaves each plot a third of the window's height, most of it for
/// its curves; 1 at least.
float largest_zoom(ThemeId theme, ImVec2 window, float display_scale);

/// Pixels of the smallest text in a lecture hall: 1/40 of the window's height.
float hall_text(ImVec2 window);

/// What the body's text is multiplied by in a lecture hall, so that nothing but what plots fit to
/// their cells would be smaller than that.
float hall_fit(ThemeId theme, ImVec2 window, float display_scale);

}  // namespace nanscope
