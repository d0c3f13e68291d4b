#include "ui/widgets/formula_text.h"

#include <algorithm>
#include <cmath>

#include "ui/formula/formula.h"
#include "ui/widgets/context_menu.h"

namespace nanscope {

float formula_text(std::string_view formula, const Style& style, float relative_size,
                   const ImVec4& color, float room) {
  const float size = body(style) * relative_size;
  // No lower than a line of text, with its base line where that one's would be.
  const float base = base_line(style, Face::regular, size), below = size - base;
  if (room <= 0) room = ImGui::GetContentRegionAvail().x;
  ScreenCanvas canvas(*ImGui::GetWindowDrawList(), style);
  float width = 0;
  for (const FormulaBox& line : set_formula_lines(style, formula, size, room)) {
    const ImVec2 corner = ImGui::GetCursorScreenPos();
    const float ascent = std::max(base, line.ascent), descent = std::max(below, line.descent);
    draw_formula(canvas, line, {corner.x, corner.y + ascent - line.ascent}, ink(color));
    ImGui::Dummy({std::min(line.width, room), std::ceil(ascent + descent)});
    width = line.width;
  }
  return width;
}

void copyable_formula(const std::string& formula, const Style& style, const ImVec4& color,
                      std::string& copied, const std::string& exact) {
  ImGui::BeginGroup();  // its lines are one thing to click on
  formula_text(formula, style, 1.0f, color);
  ImGui::EndGroup();
  copyable(formula.c_str(), exact.empty() ? formula : exact, style, copied);
}

}  // namespace nanscope
