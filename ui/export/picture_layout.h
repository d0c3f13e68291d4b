#pragma once

#include "ui/export/picture.h"

namespace nanscope {

/// Draws a slide into the current Dear ImGui frame, which it fills: the title, the settings in
/// words, the panels, and the foot with what made the numbers and the version.
void draw_slide(const Figure& figure, const PictureRequest& request, const Style& style,
                ImVec2 size);

/// Logical pixels of a picture.
ImVec2 slide_size(const PictureRequest& request);

/// How much larger than on a 1280x720 slide the type of a picture is, so that it reads from the
/// last row whatever the size.
float slide_zoom(const PictureRequest& request);

}  // namespace nanscope
