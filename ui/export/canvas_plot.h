#pragma once

#include <functional>
#include <string>

#include "ui/canvas/canvas.h"
#include "ui/export/figure.h"

namespace nanscope {

using CanvasDrawing = std::function<void(Canvas& canvas, ImVec2 corner, ImVec2 size)>;

/// A figure's plot that one function draws on the screen, into PNG and into SVG.
FigurePlot canvas_plot(std::string name, CanvasDrawing draw);

}  // namespace nanscope
