#include "ui/charts/chart_area.h"

#include <algorithm>

namespace nanscope {

ChartArea area_below(const Style& style, std::span<const LegendEntry> legend,
                     const PlotPlace& place) {
  ChartArea area;
  area.title = title_height(style) + px(style.spacing * 0.25f);
  const float head = area.title + legend_height(style, legend, place.size.x);
  area.corner = {place.corner.x, place.corner.y + head};
  area.size = {place.size.x, std::max(place.size.y - head, units(style, 48))};
  area.columns = std::max(3.0f, area.size.x / (body(style) * 4));
  area.rows = std::max(2.0f, area.size.y / (body(style) * 2.2f));
  return area;
}

}  // namespace nanscope
