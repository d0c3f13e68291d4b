#include "ui/charts/plot_reading.h"

#include "ui/canvas/ink.h"
#include "ui/widgets/tooltip.h"

namespace nanscope {

void show_reading(const PlotReading& reading, const Style& style) {
  const float radius = units(style, 6);
  ImGui::GetWindowDrawList()->AddCircle(reading.at, radius, ink(style.palette.text), 0,
                                        units(style, 2));
  begin_pointer_tooltip();
  for (std::size_t i = 0; i < reading.lines.size(); ++i) {
    const ScopedFont font(style, i == 0 ? style.fonts.semibold : style.fonts.regular,
                          text_size::body);
    ImGui::TextUnformatted(reading.lines[i].c_str());
  }
  ImGui::EndTooltip();
}

}  // namespace nanscope
