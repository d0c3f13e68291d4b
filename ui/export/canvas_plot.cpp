#include "ui/export/canvas_plot.h"

#include <utility>

namespace nanscope {

FigurePlot canvas_plot(std::string name, CanvasDrawing draw) {
  return {std::move(name),
          [draw](const Style& style, ImVec2 size) {
            ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
            draw(canvas, ImGui::GetCursorScreenPos(), size);
            ImGui::Dummy(size);
          },
          [draw = std::move(draw)](const Style& style, ImVec2 size) {
            SvgCanvas canvas(style, size);
            draw(canvas, {0, 0}, size);
            return canvas.document();
          }};
}

}  // namespace nanscope
