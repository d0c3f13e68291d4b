#pragma once

#include "ui/charts/gestures.h"
#include "ui/charts/labels.h"

// What is drawn over a chart in the window about how it is looked at.
namespace nanscope {

/// The box that a drag would zoom to.
void draw_zoom_box(Canvas& canvas, const ZoomBox& box);

/// That it is zoomed, where nothing else is said: at the right end of the row of the y axis' name,
/// left of a lock, or, of a chart whose rows begin there, at the left end of the row of the x axis'
/// name.
void draw_zoom_note(Canvas& canvas, const ChartFrame& frame, ImVec2 corner, const char* words);

/// What the padlock takes of its row, and a gap.
float lock_width(const Style& style);
/// A padlock at the right end of the row of the y axis' name: where it is, and it itself.
LabelBox lock_box(const Style& style, const ChartFrame& frame);
void draw_lock(Canvas& canvas, const LabelBox& box);

}  // namespace nanscope
