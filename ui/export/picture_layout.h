#pragma once

#include "engine/probes/signal.h"
#include "ui/export/picture.h"

namespace nanscope {

/// Draws a slide into the current Dear ImGui frame, which it fills: the sentence, the settings in
/// words, the panels, and the foot with seed, device and version.
void draw_slide(const SignalSnapshot& snapshot, const PictureRequest& request, const Style& style,
                ImVec2 size);

/// How much larger than on a 1280x720 slide the type of a picture of this logical size is, so that
/// it reads from the last row.
float slide_zoom(ImVec2 size);

}  // namespace nanscope
