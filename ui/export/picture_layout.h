#pragma once

#include <string>
#include <vector>

#include "ui/canvas/canvas.h"
#include "ui/export/panel_places.h"
#include "ui/export/picture.h"

// A slide: the title, the settings in words, a panel for each plot, and the foot with what made the
// numbers and the version. PNG and SVG are drawn from one layout. Sizes are logical pixels.
namespace nanscope {

/// Where everything is on a slide.
struct SlideLayout {
  ImVec2 size;
  float margin = 0, padding = 0;
  float title_size = 0, settings_size = 0, foot_size = 0;
  std::vector<std::string> title, settings;  ///< lines
  float settings_top = 0, foot = 0;          ///< upper edges
  std::vector<PanelPlace> panels;
};

SlideLayout lay_out_slide(const Figure& figure, const PictureRequest& request, const Style& style);

/// All of a slide but its plots.
void draw_slide_frame(Canvas& canvas, const Figure& figure, const SlideLayout& layout);

/// The part of a panel that is its plot's.
PanelPlace plot_area(const PanelPlace& panel, const SlideLayout& layout);

/// Draws a slide into the current Dear ImGui frame, which it fills.
void draw_slide(const Figure& figure, const SlideLayout& layout, const Style& style);

/// Logical pixels of a picture.
ImVec2 slide_size(const PictureRequest& request);

/// How much larger than on a 1280x720 slide the type of a picture is, so that it reads from the
/// last row whatever the size.
float slide_zoom(const Figure& figure, const PictureRequest& request);

}  // namespace nanscope
